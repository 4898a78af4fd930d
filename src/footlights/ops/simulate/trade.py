"""What people do in the simulated month: what pages offer, perhaps interrupted, perhaps done twice."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from footlights.accounts.testing import make_person
from footlights.catalog.api import add_to_collection
from footlights.catalog.testing import make_title
from footlights.giving.api import (
    NewGift,
    NewTip,
    buy_gift,
    get_gift,
    give_tip,
    redeem_gift,
    return_gift,
    tip_currency,
    tip_limits,
)
from footlights.kernel.clock import now
from footlights.kernel.errors import FootlightsError
from footlights.kernel.ids import new_id, new_token
from footlights.kernel.money import Money
from footlights.monetization.api import (
    Choice,
    NewPressPass,
    Offer,
    OfferKind,
    PressCode,
    PurchaseState,
    begin_screening,
    buy_title,
    list_press_codes,
    list_purchases,
    make_press_pass,
    redeem_press_code,
    refund_purchase,
    withdraw_press_codes,
)
from footlights.ops.simulate.faults import Faults
from footlights.ops.simulate.house import ABROAD, BUSINESS, COUPON, HOUSE_COUPON, HOUSE_MEMBERS, SALE_COUPONS, Shop
from footlights.payments.api import DisputeState, list_disputes, sandbox, submit_evidence
from footlights.payouts.api import convert_balance, creator_account, quote_conversion
from footlights.prices.testing import know_rates
from footlights.subscriptions.api import (
    State,
    Subscription,
    Watched,
    cancel,
    change_plan,
    come_back,
    find_pass,
    get_subscription,
    pause,
    quote_change,
    resume,
    subscribe,
)
from footlights.taxes.api import Evidence

# Where buyers are: country, province, the number of a business.
PLACES = (("", "", ""), ("", "", ""), ("DE", "", ""), ("CA", "ON", ""), ("DE", "", BUSINESS))

# How many of a hundred pay with each test card.
CARDS = {
    "paid": 62,
    "challenge": 6,
    "declined": 4,
    "broke": 3,
    "expired": 2,
    "broke_later": 4,
    "expires": 1,
    "lost": 4,
    "error": 3,
    "late": 4,
    "twice": 3,
    "forged": 1,
    "slow_clock": 1,
    "fast_clock": 1,
    "disputed": 1,
}


@dataclass
class Trade:
    """The people, and what they have. `done` counts acts, `refused` those that were told why not.

    Each of several trades at the same time has a name of its own.
    """

    shops: list[Shop]
    faults: Faults
    name: str = "person"
    people: list[UUID] = field(default_factory=list)
    subscriptions: list[tuple[UUID, UUID]] = field(default_factory=list)  # (subscriber, subscription)
    with_pass: list[UUID] = field(default_factory=list)
    watched: list[Watched] = field(default_factory=list)  # by whoever took the pass, everywhere
    just_watched: list[Watched] = field(default_factory=list)  # here, and not told yet
    gifts: list[tuple[UUID, UUID]] = field(default_factory=list)  # (giver, gift)
    press: list[PressCode] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def join(self) -> None:
        """Somebody new becomes a member of a channel."""
        person = make_person(f"{self.name}-{len(self.people)}@example.org").id
        self.people.append(person)
        house_pass = find_pass() if self.faults.chance.random() < 0.2 else None  # noqa: PLR2004  every fifth
        plan, takes_pass = house_pass or self.one_of(self.one_of(self.shops).plans), house_pass is not None
        terms = self.one_of(plan.terms)
        ours = HOUSE_MEMBERS if terms.price.currency == "EUR" else COUPON  # the platform's is in its currency
        coupon = "" if takes_pass else self.one_of((COUPON, ours, "", "", "", ""))
        key, currency, (country, region, number) = new_token(), self._currency(), self.one_of(PLACES)
        where = {"country": country, "region": region, "business_number": number}
        begun = self.do(
            "take the pass" if takes_pass else "join",
            lambda: subscribe(
                subscriber_id=person,
                terms_id=terms.id,
                idempotency_key=key,
                at=now(),
                currency=currency,
                coupon=coupon,
                **where,
            ),
        )
        if begun:
            self.subscriptions.append((person, begun.id))
            self.done["join with a coupon"] += bool(coupon)
            if takes_pass:
                self.with_pass.append(person)
            self._pay(begun.hosted_url)

    def watch(self) -> None:
        """Somebody with the pass watches something, also where it does not count."""
        if self.with_pass:
            viewer, offer = self.one_of(self.with_pass), self.one_of(self.one_of(self.shops).offers)
            seconds = self.faults.chance.randint(1, 5_400)
            self.just_watched.append(Watched(viewer, offer.title_id, now().date(), seconds))
            self.done["watch by the pass"] += 1

    def take_watched(self) -> list[Watched]:
        """What was watched here since this was last called."""
        taken, self.just_watched = self.just_watched, []
        return taken

    def watched_by(self, viewer_ids: Sequence[UUID], from_day: date, until_day: date) -> list[Watched]:
        wanted = set(viewer_ids)
        return [each for each in self.watched if each.viewer_id in wanted and from_day <= each.day < until_day]

    def buy(self) -> None:
        """Somebody who is here buys or rents a title, or all of a season."""
        self.buy_it("buy", self.one_of(self.people), self.one_of(self.one_of(self.shops).offers))

    def complete(self) -> None:
        """Somebody who bought a title to keep gets the rest of its season, less what they paid."""
        person = self.one_of(self.people)
        kept = [each for each in list_purchases(person) if each.title_id and each.kind is OfferKind.BUY]
        if kept:
            shop = next(shop for shop in self.shops if shop.channel.id == kept[0].channel_id)
            self.buy_it("complete a season", person, shop.all_of_it)

    def buy_it(self, name: str, person: UUID, offer: Offer) -> None:
        key, choice = new_token(), self._choice(offer)
        choice = replace(choice, coupon=self.one_of((*SALE_COUPONS, HOUSE_COUPON, "", "", "", "", "")))
        bought = self.do(
            name,
            lambda: buy_title(viewer_id=person, offer_id=offer.id, idempotency_key=key, at=now(), choice=choice),
        )
        self.done["buy with a coupon"] += bool(bought and choice.coupon)
        self.done["say what to pay"] += bool(bought and choice.amount)
        if bought and bought.breakdown.credit:
            self.done["paid less for what they had"] += 1
        if bought and bought.hosted_url:
            self._pay(bought.hosted_url)

    def convert(self) -> None:
        """The bank says the day's rates, and a channel turns its dollars into its own currency."""
        know_rates(KWD="0.33")
        shop, key = self.one_of(self.shops), new_token()
        asked: dict[str, Any] = {
            "account": creator_account(shop.channel.id),
            "source": ABROAD,
            "target": shop.offers[0].price.currency,
            "by_id": shop.owner.id,
        }

        def convert() -> bool:
            shown = quote_conversion(**asked, at=now()).gets
            convert_balance(**asked, shown=shown, idempotency_key=key, at=now())
            return True

        self.do("convert", convert)

    def answer_banks(self) -> None:
        """The house answers every second bank that took a payment back; the others are lost when their time is over."""
        for dispute in list_disputes(state=DisputeState.OPEN):
            if dispute.answered_at is None and dispute.id.int % 2:
                words = "They watched it twice."
                self.do("answer a bank", partial(submit_evidence, dispute_id=dispute.id, document=words, at=now()))

    def _choice(self, offer: Offer) -> Choice:
        """Who may say what they pay, says it in the channel's own currency."""
        (country, region, number), currency = self.one_of(PLACES), self._currency()
        amount = None
        if offer.floor and not currency:
            minor = offer.floor.amount_minor + 10 * self.faults.chance.randrange(offer.floor.amount_minor // 10)
            amount = Money(minor, offer.floor.currency)
        evidence = Evidence(address=country, billing=country)
        return Choice(evidence=evidence, amount=amount, currency=currency, region=region, business_number=number)

    def _currency(self) -> str:
        """Every third buyer pays in another currency than the channel's own."""
        return str(self.one_of(("", "", ABROAD)))

    def grow(self) -> None:
        """Another episode comes out in the season of some channel."""
        shop = self.one_of(self.shops)
        title, season = make_title(shop.channel, slug=f"episode-{new_id()}"), shop.season
        self.do(
            "an episode more",
            lambda: add_to_collection(collection_id=season.id, editor_id=shop.owner.id, title_ids=[title.id], at=now()),
        )

    def give_back(self) -> None:
        """A seller gives the money for something back: all, or a part, or more than there is, which is refused."""
        person = self.one_of(self.people)
        paid = [each for each in list_purchases(person) if each.state is PurchaseState.PAID]
        if not paid:
            return
        purchase = self.one_of(paid)
        owner = next(shop.owner for shop in self.shops if shop.channel.id == purchase.channel_id)
        key, part = (
            new_token(),
            self.one_of((None, None, purchase.price.share_bps(3_333), purchase.price + purchase.price)),
        )
        self.do(
            "give back a part" if part else "give back",
            lambda: refund_purchase(
                purchase_id=purchase.id, by_id=owner.id, idempotency_key=key, amount=part or None, at=now()
            ),
        )

    def tip(self) -> None:
        """Somebody gives a channel something."""
        person, shop = self.one_of(self.people), self.one_of(self.shops)
        limits = tip_limits(tip_currency(self._currency()), now())
        new = NewTip(channel_id=shop.channel.id, amount=self.one_of(limits.suggested))
        key = new_token()
        given = self.do("tip", lambda: give_tip(giver_id=person, new=new, idempotency_key=key, at=now()))
        if given and given.hosted_url:
            self._pay(given.hosted_url)

    def give(self) -> None:
        """Somebody buys a title, or all of a season, for somebody else."""
        shop = self.one_of(self.shops)
        self.give_it(self.one_of([*shop.offers, shop.all_of_it]))

    def give_it(self, offer: Offer) -> None:
        person, new = self.one_of(self.people), NewGift(offer_id=offer.id)
        key, choice = new_token(), self._choice(offer)
        given = self.do(
            "give", lambda: buy_gift(giver_id=person, new=new, idempotency_key=key, at=now(), choice=choice)
        )
        if given and given.hosted_url:
            self.gifts.append((person, given.id))
            self._pay(given.hosted_url)

    def open_gift(self) -> None:
        """Somebody opens a gift; now and then its giver takes it back first, or two people come."""
        if not self.gifts:
            return
        giver, gift_id = self.one_of(self.gifts)
        code, person = get_gift(gift_id, giver).code, self.one_of(self.people)
        if self.faults.doubles_it():
            self.do("take a gift back", lambda: return_gift(gift_id=gift_id, giver_id=giver, at=now()))
        self.do("open a gift", lambda: redeem_gift(code=code, viewer_id=person, at=now()))

    def invite_press(self) -> None:
        """A channel makes a code for a critic, of all it has out."""
        shop = self.one_of(self.shops)
        asked = {"channel_id": shop.channel.id, "editor_id": shop.owner.id, "at": now()}
        new = NewPressPass(title_id=None, ends_at=now() + timedelta(days=9), watches_max=1)
        if made := self.do("invite the press", lambda: make_press_pass(**asked, new=new)):
            self.press += list_press_codes(made.id)

    def review(self) -> None:
        """A critic watches a title by a code, perhaps with two players at once; some codes are withdrawn meanwhile."""
        if not (self.press and self.people):
            return
        code, critic = self.one_of(self.press), self.one_of(self.people)
        shop = next(each for each in self.shops if each.channel.id == code.press.channel_id)
        title_id = self.one_of(shop.offers).title_id
        self.do("redeem a press code", lambda: redeem_press_code(code=code.code, viewer_id=critic, at=now()))
        self.do("begin a screening", lambda: begin_screening(viewer_id=critic, title_id=title_id, at=now()))
        if self.faults.chance.random() < 0.1:  # noqa: PLR2004  one of ten
            withdraw_press_codes(press_id=code.press.id, editor_id=shop.owner.id, at=now())

    def change_mind(self) -> None:
        """A member leaves, comes back, pauses, goes on, or takes another tier."""
        if not self.subscriptions:
            return
        person, subscription_id = self.one_of(self.subscriptions)
        subscription = get_subscription(subscription_id)
        acts: dict[State, list[tuple[str, Callable[[], Any]]]] = {
            State.ACTIVE: [
                ("cancel", lambda: cancel(subscription_id=subscription_id, subscriber_id=person, at=now())),
                ("pause", lambda: pause(subscription_id=subscription_id, subscriber_id=person, months=1, at=now())),
                ("change tier", lambda: self._change_tier(person, subscription)),
            ],
            State.CANCELLING: [
                ("come back", lambda: come_back(subscription_id=subscription_id, subscriber_id=person, at=now()))
            ],
            State.PAUSED: [("go on", lambda: resume(subscription_id=subscription_id, subscriber_id=person, at=now()))],
        }
        if choices := acts.get(subscription.state):
            self.do(*self.one_of(choices))

    def _change_tier(self, person: UUID, subscription: Subscription) -> None:
        plans = [plan for shop in self.shops if shop.channel.id == subscription.channel_id for plan in shop.plans]
        terms = self.one_of([terms for plan in plans or [subscription.plan] for terms in plan.terms])
        quote = quote_change(subscription_id=subscription.id, subscriber_id=person, terms_id=terms.id, at=now())
        change_plan(subscription_id=subscription.id, subscriber_id=person, terms_id=terms.id, due=quote.due, at=now())

    def _pay(self, hosted_url: str) -> None:
        """On the gateway's page; some leave it open, some click twice."""
        chance = self.faults.chance
        [code] = chance.choices(list(CARDS), list(CARDS.values()))
        page, card = hosted_url.rpartition("/")[2], sandbox.CARDS[code]
        if chance.random() < 0.02:  # noqa: PLR2004  two of a hundred
            self.done["left the page"] += 1
            return
        for _ in range(2 if self.faults.doubles_it() else 1):
            sandbox.pay(page, card=card, at=now())
            if card.challenge:
                sandbox.answer_challenge(page, approved=chance.random() < 0.9, at=now())  # noqa: PLR2004
        self.done[f"card {code}"] += 1

    def do(self, name: str, act: Callable[[], Any]) -> Any:
        """Once or, as a double click, twice. What is refused is refused for a reason a person is told."""
        try:
            answer = self.faults.try_until_done(act)
            if self.faults.doubles_it():
                answer = act()
        except FootlightsError as error:
            self.refused[f"{name}: {error.code}"] += 1
            return None
        self.done[name] += 1
        return answer

    def one_of(self, things: list[Any] | tuple[Any, ...]) -> Any:
        return self.faults.chance.choice(things)
