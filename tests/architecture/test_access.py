"""Every address has a declared need, and every role gets exactly what the one table of roles says.

The walk finds the routes by itself, so that one which is added later is walked too. Each role goes to every route, by
its own objects, by those of a colleague (the same channel, another role) and by a stranger's; what it must be answered
is read from accounts/roles.py and web/rules alone.
"""

from collections.abc import Collection, Iterator
from functools import cache, cached_property
from typing import Any, Literal
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from procrastinate.contrib.django import app

from footlights.accounts.api import HELD, HOUSE_ROLES, TEAM_ROLES, Permission, Role, Scope
from footlights.accounts.testing import make_person, use_app
from footlights.alerts.testing import make_alert, make_destination, make_silence
from footlights.audit.api import Act, record, take_tallies
from footlights.catalog.api import Channel, Title, invite_member, list_invitations
from footlights.catalog.testing import join_team, make_channel, make_collection, make_title
from footlights.engagement.api import open_room
from footlights.engagement.subjects import Kind
from footlights.engagement.testing import BEGAN, make_ban, make_replay, make_room, make_viewer, said, take
from footlights.giving.testing import make_gift, make_tip
from footlights.invoicing.testing import make_document
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.ledger.testing import make_journal
from footlights.live.testing import make_broadcast, make_ticket
from footlights.media.testing import make_asset, make_upload
from footlights.monetization.api import Offer, Purchase, buy_title, find_ticket_offer
from footlights.monetization.testing import make_collection_offer, make_coupon_of, make_offer, make_press_codes
from footlights.payments.api import list_methods
from footlights.payments.testing import make_dispute, pay
from footlights.payouts.testing import make_hold, make_waiting_payout
from footlights.prices.api import Market
from footlights.prices.testing import sell_in
from footlights.splits.api import SubjectKind
from footlights.splits.testing import propose
from footlights.subscriptions.api import find_living
from footlights.subscriptions.testing import begin, make_plan
from footlights.taxes.testing import make_registration
from footlights.terms.testing import make_ahead
from footlights.web.access import REFUSALS
from footlights.web.account.testing import sign_in_proven
from footlights.web.rooms.subjects import subject_of_channel
from footlights.web.rules import PROVEN, RULES
from footlights.web.rules.needs import ANYBODY, OWNER, PROOF, TO_SEE, Both, Need

Whose = Literal["own", "colleague", "stranger"]
PARAMETERS: dict[str, set[str]] = {}  # of each route, those of its folder too


def routes(
    resolver: URLResolver | None = None, namespace: str = "", outer: frozenset[str] = frozenset()
) -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        names = outer | entry.pattern.regex.groupindex.keys()
        if isinstance(entry, URLResolver):
            inner = ":".join(part for part in (namespace, entry.namespace) if part)
            yield from routes(entry, inner, names)
        else:
            name = ":".join(part for part in (namespace, entry.name or "") if part)
            PARAMETERS[name] = set(names)
            yield name, entry


ROUTES = list(routes())


# What a route's parameters, or the body of its form, name of somebody's.
OBJECTS = {
    "broadcast_id",
    "captions_id", "collection_id", "coupon_id", "document_id", "gift_id", "invitation_id", "method_id", "pk", "press_id",
    "purchase_id",
    "subject_id",
    "subscription_id", "tip_id", "title_id", "upload_id",
}  # fmt: skip
METHODS = {"uploads:item": ("head", "delete")}  # a protocol of its own, tus
NO_METHOD: dict[tuple[str, str], HttpResponse] = {}  # what somebody who was let in was told of a method there is not
READS = {"get", "head"}


def sell(offer: Offer) -> Purchase:
    purchase = buy_title(viewer_id=make_person().pk, offer_id=offer.id, idempotency_key=str(offer.id), at=now())
    pay("paid", purchase.hosted_url)
    return purchase


class Belongings:
    """One of everything that is `person`'s, or lies in `channel`; each made when a route needs it."""

    def __init__(self, person: Any, channel: Channel, shop: Channel) -> None:
        self.person, self.channel, self.shop = person, channel, shop

    title = cached_property(lambda self: make_title(self.channel))
    collection = cached_property(lambda self: make_collection(self.channel, self.title))
    all_of_it = cached_property(lambda self: make_collection_offer(self.collection))
    offer = cached_property(lambda self: make_offer(self.title))
    upload = cached_property(lambda self: make_upload(self.person.pk))
    bought = cached_property(lambda self: make_offer(make_title(self.shop)))
    purchase = cached_property(
        lambda self: buy_title(
            viewer_id=self.person.pk, offer_id=self.bought.id, idempotency_key=str(self.bought.id), at=now()
        )
    )
    coupon = cached_property(lambda self: make_coupon_of(self.channel, code=self.person.pk.hex[-12:].upper()))
    press = cached_property(lambda self: make_press_codes(self.channel)[0])
    given = cached_property(lambda self: make_tip(self.shop, self.person))
    received = cached_property(lambda self: make_tip(self.channel, make_person()))
    present = cached_property(lambda self: make_gift(self.bought, self.person))
    sold_gift = cached_property(lambda self: make_gift(self.offer, make_person()))
    offered = cached_property(lambda self: propose(make_title(self.shop), (self.person, 1_000)))
    proposed = cached_property(lambda self: propose(self.title, (make_person(), 1_000)))
    proposed_all = cached_property(
        lambda self: propose(self.collection, (make_person(), 1_000), kind=SubjectKind.COLLECTION)
    )
    sold = cached_property(lambda self: sell(self.offer))
    document = cached_property(lambda self: make_document(self.person.pk, channel_id=self.channel.id))
    plan = cached_property(lambda self: make_plan(self.channel, year=9_000))
    joined = cached_property(lambda self: make_plan(self.shop, tier=2))
    subscription = cached_property(
        lambda self: find_living(self.person.pk, self.shop.id) or begin(self.person, self.joined)
    )
    begun = cached_property(lambda self: begin(make_person(), self.plan))
    passkey = cached_property(
        lambda self: Authenticator.objects.create(
            user=self.person, type=Authenticator.Type.WEBAUTHN, data={"name": "Laptop", "credential": {}}
        )
    )
    asset = cached_property(lambda self: make_asset(self.person.pk))
    film = cached_property(lambda self: make_title(self.channel, asset_id=self.asset.id))
    mate = cached_property(lambda self: self._join(make_person()))
    invitation_id = cached_property(lambda self: self._invite())
    broadcast = cached_property(lambda self: make_broadcast(self.channel))
    event = cached_property(lambda self: make_broadcast(self.channel, ticket=make_ticket()))
    captions_id = cached_property(lambda _: new_id())
    prepared_id = cached_property(lambda _: new_id())
    job_id = cached_property(lambda _: app.configure_task("media.probe", allow_unknown=True).defer())

    room = cached_property(
        lambda self: open_room(
            subject=subject_of_channel(self.channel.id), channel_id=self.channel.id, by_id=None, at=now()
        )
    )
    ban = cached_property(lambda self: make_ban(self.channel, make_person()))
    recording = cached_property(lambda self: self._record())

    parameters = {
        "room_id": lambda self: self.room.id,
        "ban_id": lambda self: self.ban,
        "prepared_id": lambda self: self.prepared_id,
        "handle": lambda self: self.title.channel_handle,
        "slug": lambda self: self.title.slug,
        "title_id": lambda self: self.title.id,
        "subject_id": lambda self: self.collection.id,
        "collection_id": lambda self: self.collection.id,
        "broadcast_id": lambda self: self.broadcast.id,
        "proof": lambda _: "no-such-reminder",
        "question": lambda _: "publish",
        "captions_id": lambda self: self.captions_id,
        "offer_id": lambda self: self.offer.id,
        "upload_id": lambda self: self.upload.id,
        "coupon_id": lambda self: self.coupon.id,
        "press_id": lambda self: self.press.press.id,
        "code_id": lambda self: self.press.id,
        "press_code": lambda _: "no-such-code",
        "purchase_id": lambda self: self.purchase.id,
        "gift_id": lambda self: self.present.id,
        "gift_code": lambda _: "no-such-gift",
        "tip_id": lambda self: self.given.id,
        "document_id": lambda self: self.document.id,
        "registration_id": lambda _: make_registration().id,
        "terms_id": lambda self: self.plan.terms[0].id,
        "subscription_id": lambda self: self.subscription.id,
        "method_id": lambda self: self.subscription and list_methods(self.person.pk)[0].id,
        "payment_id": lambda self: self.purchase.payment_id,
        "dispute_id": lambda self: make_dispute(self.purchase.payment_id).id,
        "person_id": lambda self: self.person.pk,
        "job_id": lambda self: self.job_id,
        "record_id": lambda self: record(act=Act.TITLE_CHANGED, object_kind="title", object_id=self.title.id),
        "alert_id": lambda self: make_alert(facts={"account": str(self.person.pk)}).id,
        "silence_id": lambda _: make_silence().id,
        "destination_id": lambda _: make_destination().id,
        "payout_id": lambda self: make_waiting_payout(self.channel.id).pk,
        "term_id": lambda _: make_ahead(),
        "part": lambda _: "refunds",
        "agreement_id": lambda self: self.offered.id,
        "journal_id": lambda _: make_journal(),
        "account": lambda _: "platform:fees",
        "currency": lambda _: "EUR",
        "code": lambda self: sell_in(self.channel, Market("USD")) or "USD",
        "hold_id": lambda self: make_hold(self.channel.id).pk,
        "gateway": lambda _: "sandbox",
        "session": lambda _: "cs_nobody_knows",
        "key": lambda _: "no-such-key",
        "pk": lambda self: self.passkey.pk,
        "provider_id": lambda _: "school",
        "kept": lambda _: "no-such-form",
        "uidb36": lambda _: "0",
        "kind": lambda self: self.title and "titles",
        "page": lambda _: 1,
        "number": lambda _: 0,
        "tier": lambda self: self.plan.tier,
        "who": lambda _: "expired",
        "token": lambda _: "no-such-invitation",
        "invitation_id": lambda self: self.invitation_id,
    }
    elsewhere = {
        ("replay:whole", "title_id"): lambda self: self.recording.id,
        ("replay:piece", "title_id"): lambda self: self.recording.id,
        ("live:watch", "token"): lambda self: self.broadcast.token,
        ("live:calendar", "token"): lambda self: self.broadcast.token,
        ("live:reminder", "token"): lambda self: self.broadcast.token,
        ("live:licence", "token"): lambda self: self.broadcast.token,
        ("checkout:ticket", "token"): lambda self: self.event.token,
        ("checkout:ticket", "offer_id"): lambda self: find_ticket_offer(self.event.id).id,
        ("studio:broadcast_tickets_back", "broadcast_id"): lambda self: self.event.id,
        ("studio:team_role", "person_id"): lambda self: self.mate.pk,
        ("studio:team_removed", "person_id"): lambda self: self.mate.pk,
        ("studio:membership", "subscription_id"): lambda self: self.begun.id,
        ("studio:membership_ended", "subscription_id"): lambda self: self.begun.id,
        ("studio:sale", "purchase_id"): lambda self: self.sold.id,
        ("studio:sale_refund", "purchase_id"): lambda self: self.sold.id,
        ("storefront:collection", "slug"): lambda self: self.collection.slug,
        ("studio:gift", "gift_id"): lambda self: self.sold_gift.id,
        ("studio:gift_refund", "gift_id"): lambda self: self.sold_gift.id,
        ("studio:tip", "tip_id"): lambda self: self.received.id,
        ("studio:tip_refund", "tip_id"): lambda self: self.received.id,
        ("giving:give_collection", "slug"): lambda self: self.collection.slug,
        ("giving:give_collection", "offer_id"): lambda self: self.all_of_it.id,
        ("checkout:collection_offer", "slug"): lambda self: self.collection.slug,
        ("checkout:collection_offer", "offer_id"): lambda self: self.all_of_it.id,
        ("studio:split", "kind"): lambda _: "collection",
        ("studio:split_proposed", "kind"): lambda _: "collection",
        ("studio:split_withdrawn", "kind"): lambda _: "collection",
        ("studio:split_withdrawn", "agreement_id"): lambda self: self.proposed_all.id,
        ("storefront:category", "slug"): lambda _: "drama",
        ("studio:title_split_withdrawn", "agreement_id"): lambda self: self.proposed.id,
        ("backoffice:books_accounts", "kind"): lambda _: "platform",
        ("backoffice:title_retry", "title_id"): lambda self: self.film.id,
    }
    # What a form without an object in its address names in its body.
    sent = {
        "studio:channel_switch": lambda self: {"channel": self.channel.id},
        "studio:titles_bulk": lambda self: {"ids": [self.title.id], "act": "delete"},
        "studio:titles_restored": lambda self: {"ids": [self.title.id]},
        "backoffice:title_retry": lambda self: {"asset": self.asset.id},
    }

    # For forms that nothing is done without.
    typed = {
        "studio:upload_titles": lambda self: {"upload_id": self.upload.id},
        "memberships:plan": lambda self: {"to": self.subscription.terms.id, "due": "0 EUR"},
        "studio:team_invitations": lambda _: {"email": "new@example.org", "role": "editor"},
        "studio:team_role": lambda _: {"role": "finance"},
        "studio:payouts_asked": lambda _: {"currency": "EUR"},
        "studio:collection_title_moved": lambda _: {"way": "up"},
        "studio:split_proposed": lambda _: {"email": ["new@example.org"], "percent": ["10"]},
        "studio:title_split_proposed": lambda _: {"email": ["new@example.org"], "percent": ["10"]},
        "backoffice:terms_change": lambda _: {"within_days": 14, "watched_percent": 10},
        "backoffice:role_given": lambda _: {"role": "support"},
        "backoffice:role_taken": lambda _: {"role": "support"},
    }

    def _record(self) -> Title:
        title, room = make_title(self.channel), make_room(self.channel)
        make_offer(title, "free")
        take(said(room, make_viewer(room, make_person()), Kind.SAY, text="Good evening"), at=BEGAN)
        make_replay(room, title.id)
        return title

    def _join(self, mate: Any) -> Any:
        join_team(self.channel, mate, Role.ANALYST)
        return mate

    def _invite(self) -> Any:
        channel_id, owner_id, at = self.channel.id, self.channel.owner_id, now()
        invite_member(channel_id=channel_id, by_id=owner_id, address="mate@example.org", role=Role.EDITOR, at=at)
        return list_invitations(channel_id, at)[0].id

    def path(self, name: str) -> str:
        names = PARAMETERS[name]
        unknown = names - self.parameters.keys()
        assert not unknown, f"Say in Belongings.parameters what {unknown} of {name} may be."
        fill = {each: self.elsewhere.get((name, each), self.parameters[each]) for each in names}
        return reverse(name, kwargs={each: make(self) for each, make in fill.items()})

    def body(self, name: str) -> dict[str, Any]:
        return (self.sent.get(name) or self.typed.get(name, lambda _: {}))(self)


class Others:
    """Around whoever comes: a colleague and a stranger, each with a channel and belongings, and where they buy."""

    def __init__(self) -> None:
        self.colleague, self.stranger, shopkeeper = self.all = [
            make_person(display_name=f"Quentin {who}quill") for who in ("Mate", "Strange", "Shop")
        ]
        self.shop = make_channel(shopkeeper)
        self.channel = make_channel(self.colleague)
        self.belongings: dict[Whose, Belongings] = {
            "colleague": Belongings(self.colleague, self.channel, self.shop),
            "stranger": Belongings(self.stranger, make_channel(self.stranger), self.shop),
        }


class World:
    """Somebody with a role among others."""

    def __init__(self, role: Role, others: Others | None = None) -> None:
        self.role = role
        self.actor = None if role is Role.VISITOR else make_person(roles=[role] if role in HOUSE_ROLES else [])
        self.uncounted: list[str] = []  # what was refused, and nobody would hear of it
        self.is_of_the_channel = role is Role.CREATOR or role in TEAM_ROLES
        others = others or Others()
        self.colleague, self.others, self.belongings = others.colleague, set(others.all), dict(others.belongings)
        channel = others.channel
        if role is Role.CREATOR:
            channel = make_channel(self.actor)
            join_team(channel, self.colleague, Role.EDITOR)
            self.belongings["colleague"] = Belongings(self.colleague, channel, others.shop)
        elif role in TEAM_ROLES:
            join_team(channel, self.actor, role)
            use_app(self.actor)
        if self.actor:
            self.belongings["own"] = Belongings(self.actor, channel, others.shop)
        else:
            self.belongings["own"] = self.belongings["colleague"]

    @cache  # noqa: B019  one sign-in a world
    def client(self, proven_s_ago: float) -> tuple[Client, dict[str, str]]:
        """Signed in, and its cookies as they are then."""
        client = Client()
        if self.actor:
            sign_in_proven(client, self.actor, proven_s_ago=proven_s_ago)
        return client, {name: morsel.value for name, morsel in client.cookies.items()}

    def ask(
        self, name: str, whose: Whose = "own", *, proven_s_ago: float = 0, once: bool = False
    ) -> list[tuple[str, HttpResponse]]:
        """The answers to a GET and a POST (or the route's own methods); what they change is undone.

        `once`: a method that the route does not have is not asked for again, whoever comes.
        """
        theirs, (client, cookies) = self.belongings[whose], self.client(proven_s_ago)
        path, body = theirs.path(name), theirs.body(name)
        headers = {"Tus-Resumable": "1.0.0"} if name.startswith("uploads:") else {}
        answers = []
        for method in METHODS.get(name, ("get", "post")):
            if once and (name, method) in NO_METHOD:
                answers.append((method, NO_METHOD[name, method]))
                continue
            before = transaction.savepoint()
            client.cookies.clear()
            client.cookies.load(cookies)
            answer = getattr(client, method)(path, body if method == "post" else None, headers=headers)
            if is_wrong_method(answer):
                NO_METHOD[name, method] = answer
            if answer.status_code in REFUSALS and needs_of(name, method) not in {ANYBODY, PROOF} and not take_tallies():
                self.uncounted.append(f"{method} {name} ({whose})")
            answers.append((method, answer))
            transaction.savepoint_rollback(before)
        return answers

    def others_in(self, answer: HttpResponse) -> set[str]:
        """The names and addresses of others that stand anywhere in the answer, its attributes and headers too."""
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = f"{answer.headers}{body.decode(errors='replace')}"
        by_name = {self.colleague} if self.is_of_the_channel else set()  # who works together knows each other
        words = {each.email for each in self.others} | {each.display_name for each in self.others - by_name}
        return {word for word in words if word in text}

    def may(self, need: Need, whose: Whose) -> bool:
        """What the table says."""
        if need is PROOF:
            return False  # nobody here carries one
        if need is OWNER:
            return whose == "own" and self.role is not Role.VISITOR
        assert isinstance(need, Permission)
        if need.scope is Scope.CHANNEL:
            return self.is_of_the_channel and whose != "stranger" and need in HELD[self.role]
        also = Role.VISITOR if self.role is Role.VISITOR else Role.SUBSCRIBER
        return need in HELD[self.role] | HELD[also]


def needs_of(name: str, method: str) -> Need:
    need = RULES[name]
    if isinstance(need, Both):
        return need.read if method in READS else need.send
    return need


def is_of_a_role(need: Need) -> bool:
    return isinstance(need, Permission) and need.scope is not Scope.SELF


def whose_of(name: str, world: World) -> list[Whose]:
    """Whose objects to try. Once is enough where a route is about nobody's in particular, or is closed to the role anyway.

    To who is of no team, their "own" channel is the colleague's already.
    """
    need = needs_of(name, "get")
    is_open = any(world.may(needs_of(name, method), "own") for method in METHODS.get(name, ("get", "post")))
    is_somebodys = need is OWNER or (isinstance(need, Permission) and need.scope is Scope.CHANNEL)
    names = PARAMETERS[name] & OBJECTS or name in Belongings.sent or name in dict(Belongings.elsewhere.keys())
    if not (is_open and is_somebodys and names):
        return ["own"]
    return ["own", "colleague", "stranger"] if need is OWNER or world.is_of_the_channel else ["own", "stranger"]


def routes_needing(*needs: Need) -> Any:
    """Parametrize with the name of each route that needs one of these."""
    return pytest.mark.parametrize("name", sorted(name for name, _ in ROUTES if RULES.get(name) in needs))


ABOUT_ONESELF = [need for need in Permission if need.scope is Scope.SELF]
EVERYBODY = [role for role in Role if role not in HOUSE_ROLES + TEAM_ROLES]
HOUSE = [need for need in Permission if need.scope is Scope.HOUSE]


@pytest.fixture(autouse=True)
def mails_arrive(settings: Any) -> None:
    """As where there is mail: the till is everybody's, and gifts are sent."""
    settings.MAILS_ARRIVE = settings.GUEST_CHECKOUT = True


@pytest.fixture
def world(db: None) -> World:
    return World(Role.CREATOR)


@pytest.fixture
def administrator(db: None) -> World:
    return World(Role.ADMINISTRATOR)


def asks_to_sign_in(answer: HttpResponse) -> bool:
    return answer.status_code == 401 or answer.headers.get("Location", "").startswith(reverse("account_login") + "?")


def is_refused(answer: HttpResponse) -> bool:
    """There is no such page, one has to sign in first, or one is led to opening a channel."""
    is_nowhere = answer.status_code == 302 and answer.headers["Location"] == reverse("studio:channel_new")
    return answer.status_code == 404 or asks_to_sign_in(answer) or is_nowhere


def is_wrong_method(answer: HttpResponse) -> bool:
    return answer.status_code == 405


@pytest.mark.parametrize(
    ("name", "route"), [pytest.param(*each, id=each[0] or str(each[1].pattern)) for each in ROUTES]
)
def test_every_route_declares_who_may_use_it(name: str, route: URLPattern) -> None:
    assert name in RULES, f"{route.pattern} has no rule in footlights.web.rules"


def test_no_rule_outlives_its_route() -> None:
    assert RULES.keys() == {name for name, _ in ROUTES}


def test_an_undeclared_route_answers_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(RULES, "storefront:search")
    with pytest.raises(Exception, match=r"Nobody may use /search"):
        Client().get("/search")


@pytest.mark.django_db
@pytest.mark.parametrize("roles", [HOUSE_ROLES, TEAM_ROLES, EVERYBODY], ids=["house", "team", "everybody"])
def test_each_role_is_answered_exactly_where_the_table_says(roles: Collection[Role]) -> None:
    others = Others()  # making what is theirs takes a third of the time
    wrong = [f"{role}: {each}" for role in roles for each in wrong_answers(World(role, others))]
    assert not wrong, "\n".join(wrong)


def wrong_answers(world: World) -> Iterator[str]:
    for name, _ in ROUTES:
        for whose in whose_of(name, world):
            answers = world.ask(name, whose, once=True)
            for method, answer in answers:
                if shown := world.others_in(answer):
                    yield f"{method} {name} ({whose}) shows {shown}"
                expected = world.may(needs_of(name, method), whose)
                is_closed = is_refused(answer) or is_wrong_method(answer) or needs_of(name, method) is PROOF
                if answer.status_code >= 500 or (not expected and not is_closed):
                    yield f"{method} {name} ({whose}) let them in: {answer.status_code}"
                if expected and asks_to_sign_in(answer):
                    yield f"{method} {name} ({whose}) asked them to sign in"
            may_use = [answer for method, answer in answers if world.may(needs_of(name, method), whose)]
            is_about_oneself = needs_of(name, "get") in ABOUT_ONESELF  # and one may have nothing of the kind
            if may_use and not is_about_oneself and all(is_refused(each) or is_wrong_method(each) for each in may_use):
                yield f"{name} ({whose}) is not there for them"
    yield from (f"{each} is refused, and nobody would hear of it" for each in world.uncounted)


@pytest.mark.django_db
@pytest.mark.parametrize("role", HOUSE_ROLES)
def test_nobody_of_the_house_is_shown_the_name_or_address_of_others_anywhere(role: Role) -> None:
    world = World(role)
    names = [name for name, _ in ROUTES if needs_of(name, "get") in HOUSE]
    for name in names:
        world.belongings["stranger"].path(name)  # makes what it is about, so that lists are full of it
    for name in names:
        for method, answer in world.ask(name, "stranger"):
            assert not world.others_in(answer), (method, name)


@pytest.mark.django_db
def test_a_visitor_is_asked_to_sign_in_and_led_back() -> None:
    world = World(Role.VISITOR)
    for name, _ in ROUTES:
        need = needs_of(name, "get")
        if need in {ANYBODY, PROOF, *HOUSE}:
            continue
        for method, answer in world.ask(name):
            assert asks_to_sign_in(answer), (method, name)
            if method == "get" and answer.status_code == 302:
                assert f"?next={world.belongings['own'].path(name)}" in unquote(answer.headers["Location"])


@pytest.mark.parametrize("name", sorted(PROVEN))
def test_what_is_grave_is_neither_shown_nor_done_without_a_proof(world: World, administrator: World, name: str) -> None:
    person = administrator if needs_of(name, "get") in HOUSE else world
    (_, got), (_, posted) = person.ask(name, proven_s_ago=601)
    for answer in (got, posted) if PROVEN[name] == TO_SEE else (posted,):
        assert answer.status_code == 302
        assert "reauthenticate" in answer.headers["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize("role", [*HOUSE_ROLES, Role.FINANCE])
def test_who_needs_a_second_factor_and_has_none_is_led_to_set_one_up(role: Role) -> None:
    world = World(role)
    Authenticator.objects.filter(user=world.actor).delete()
    theirs = {
        (name, method)
        for name, _ in ROUTES
        for method in METHODS.get(name, ("get", "post"))
        if is_of_a_role(needs_of(name, method)) and world.may(needs_of(name, method), "own")
    }
    assert theirs
    for name in sorted({name for name, _ in theirs}):
        for method, answer in world.ask(name, once=True):
            if (name, method) in theirs and not is_wrong_method(answer):
                assert answer.headers["Location"].startswith(reverse("mfa_index") + "?next="), (method, name)


@routes_needing(PROOF)
def test_without_proof_nothing_is_done_whoever_asks(world: World, administrator: World, name: str) -> None:
    for somebody in (world, administrator):
        assert all(400 <= answer.status_code < 500 for _, answer in somebody.ask(name))


def test_a_script_is_told_plainly_and_a_form_that_comes_too_late_leads_back_to_its_page(world: World) -> None:
    client = Client()
    assert client.get("/account/", headers={"Sec-Fetch-Mode": "cors"}).status_code == 401
    assert client.post("/account/name", content_type="application/json").status_code == 401
    late = client.post("/account/name", headers={"Referer": "http://testserver/account/?x=1"})
    assert late.headers["Location"] == "/account/login/?next=/account/%3Fx%3D1"
    forged = client.post("/account/name", headers={"Referer": "https://evil.example/account/"})
    assert forged.headers["Location"] == "/account/login/?next=/"
    by_htmx = client.post(
        "/account/name", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/account/"}
    )
    assert by_htmx.headers["HX-Redirect"] == "/account/login/?next=/account/"
