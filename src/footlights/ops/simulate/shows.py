"""Broadcasts in the simulated month, and tickets to them: what takes place, what is cancelled, what never begins."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from footlights.kernel.clock import now
from footlights.kernel.ids import new_token
from footlights.live.api import (
    Broadcast,
    NewBroadcast,
    State,
    change_broadcast,
    end_broadcast,
    find_broadcasts,
    go_on_air,
)
from footlights.live.records import Access
from footlights.live.testing import make_broadcast, make_ticket, send
from footlights.monetization.api import (
    PurchaseState,
    find_ticket_offer,
    give_back_tickets,
    list_purchases,
    return_purchase,
)
from footlights.ops.simulate.house import Shop
from footlights.ops.simulate.trade import Trade

SELLS_FOR = timedelta(days=2)
FATES = ("takes place", "takes place", "is given back", "is cancelled", "never begins")


@dataclass
class Show:
    shop: Shop
    broadcast: Broadcast
    fate: str


@dataclass
class Shows:
    """What is planned in these shops, in the order of its beginning. People and faults are those of the trade."""

    trade: Trade
    shops: list[Shop]
    planned: list[Show] = field(default_factory=list)
    forgotten: list[Show] = field(default_factory=list)  # should have begun, until the clock's job cancels it
    sold: list[tuple[UUID, UUID]] = field(default_factory=list)  # (holder, broadcast)

    def plan(self) -> None:
        """A channel that has none ahead announces an evening in two days."""
        busy = [each.shop for each in (*self.planned, *self.forgotten) if _now(each).state is State.PLANNED]
        free = [shop for shop in self.shops if shop not in busy]
        if not free:
            return
        shop = self.trade.one_of(free)
        price = shop.offers[0].price  # of a rental: in the channel's own currency
        ticket = make_ticket(price + price, replay_days=self.trade.one_of((None, 0, 7)))
        planned = make_broadcast(shop.channel, starts_at=now() + SELLS_FOR, ticket=ticket)
        self.planned.append(Show(shop, planned, self.trade.one_of(FATES)))
        self.trade.done["plan a broadcast"] += 1

    def sell(self) -> None:
        """Somebody buys a ticket to one of the evenings."""
        if self.planned:
            show, person = self.trade.one_of(self.planned), self.trade.one_of(self.trade.people)
            if offer := find_ticket_offer(show.broadcast.id):
                self.trade.buy_it("buy a ticket", person, offer)
                self.sold.append((person, show.broadcast.id))

    def give(self) -> None:
        """Somebody buys a ticket for somebody else, who opens it before the evening, or after, or never."""
        if self.planned and (offer := find_ticket_offer(self.trade.one_of(self.planned).broadcast.id)):
            self.trade.give_it(offer)

    def change_mind(self) -> None:
        """A holder gives a ticket back, where the terms or a move let them; else they are told why not."""
        if not self.sold:
            return
        person, broadcast_id = self.trade.one_of(self.sold)
        held = [each for each in list_purchases(person) if each.broadcast_id == broadcast_id]
        for purchase in held:
            if purchase.state is PurchaseState.PAID and purchase.price:
                self._give_back(person, purchase.id)

    def _give_back(self, person: UUID, purchase_id: UUID) -> None:
        key = new_token()
        self.trade.do(
            "give a ticket back",
            lambda: return_purchase(
                purchase_id=purchase_id, viewer_id=person, watched_percent=0, idempotency_key=key, at=now()
            ),
        )

    def put_off(self) -> None:
        """An evening is an hour later than it was said, so whoever paid before may give their ticket back."""
        if not self.planned:
            return
        show = self.trade.one_of(self.planned)
        is_now = _now(show)
        new = NewBroadcast(
            name=is_now.name,
            access=Access.TICKETS,
            starts_at=is_now.starts_at + timedelta(hours=1),
            ticket=make_ticket(show.shop.offers[0].price + show.shop.offers[0].price),
        )
        asked = {"broadcast_id": is_now.id, "editor_id": show.shop.owner.id}
        self.trade.do("put a broadcast off", lambda: change_broadcast(**asked, new=new, at=now()))

    def go_on(self) -> None:
        """What should have begun by now does, or is cancelled; what never begins is left to the clock's job."""
        for show in [each for each in self.planned if _now(each).starts_at <= now()]:
            self.planned.remove(show)
            if show.fate == "never begins":
                self.forgotten.append(show)
            else:
                self._end(show)

    def _end(self, show: Show) -> None:
        asked = {"broadcast_id": show.broadcast.id, "editor_id": show.shop.owner.id}
        if show.fate != "is cancelled":
            self._go_on_air(show)
        self.trade.do(f"a broadcast {show.fate}", lambda: end_broadcast(**asked, at=now()))
        if show.fate == "is given back":
            all_of_them = {"broadcast_id": show.broadcast.id, "by_id": show.shop.owner.id}
            self.trade.do("give all tickets back", lambda: give_back_tickets(**all_of_them, at=now()))

    def _go_on_air(self, show: Show) -> None:
        send(show.shop.channel, at=now())
        go_on_air(broadcast_id=show.broadcast.id, editor_id=show.shop.owner.id, at=now())


def _now(show: Show) -> Broadcast:
    return find_broadcasts([show.broadcast.id])[show.broadcast.id]
