"""What a payee's page shows: how much may go, what the rest waits for, where to, and what went before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from footlights.accounts.api import taxpayers_among
from footlights.kernel.money import Money
from footlights.payouts import api as payouts
from footlights.payouts.api import Destination, Payout, PayoutState, Standing
from footlights.sellers.api import list_asks_about
from footlights.web.payouts.statement_pdf import months_until

SHOWN = 24
UNDER_WAY = frozenset({PayoutState.WAITING, PayoutState.ASKED})
BAR = 1_000  # its length in the picture's own units


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the bar: what is `kind` of the balance, from `x` on, `width` long."""

    kind: str
    x: int
    width: int


def context_for(
    account: str, *, person_id: UUID, since: datetime, at: datetime, currency: str, ways: dict[str, str]
) -> dict[str, Any]:
    """For payouts/panel.html. `since`: when its holder came; `ways` are the addresses of its forms.

    `currency` is shown while nothing was earned.
    """
    asks = list_asks_about(account, person_id)
    asked = next((each for each in asks if each.person_id == person_id), None)
    standings = payouts.list_standings(account, at, home=currency, asks=asks)
    destination = payouts.find_destination(account)
    sent = payouts.list_payouts(account=account, limit=SHOWN)
    shown = [_shown(standing, destination, at, home=currency, of=len(standings)) for standing in standings]
    return {
        "standings": [each | {"leaving": _leaving(sent, each["standing"].balance.currency)} for each in shown],
        "destination": destination,
        "destination_waits": destination is not None and at < destination.usable_from,
        "months": months_until(at.date(), since=since.date()),
        "payouts": sent,
        "ways": ways,
        "details_kept": asked is None and bool(taxpayers_among([person_id])),  # an answer ends the request
        "details_asked": asked,
    }


def _shown(standing: Standing, destination: Destination | None, at: datetime, *, home: str, of: int) -> dict[str, Any]:
    nothing = Money(0, standing.balance.currency)
    return {
        "standing": standing,
        "next": payouts.next_payout(standing, destination, at),
        "owes": standing.available < nothing,
        "may_convert": nothing < standing.available and (of > 1 or standing.balance.currency != home),
        "bar": bar_of(standing),
    }


def _leaving(sent: Sequence[Payout], currency: str) -> Money:
    """What was set aside of an account and has neither arrived nor come back."""
    minor = (each.amount.amount_minor for each in sent if each.amount.currency == currency and each.state in UNDER_WAY)
    return Money(sum(minor), currency)


def bar_of(standing: Standing) -> list[Part]:
    """Available, fresh and held as parts of one bar; none while nothing is there."""
    sizes = {
        "available": max(0, standing.available.amount_minor),
        "fresh": standing.fresh.amount_minor,
        "held": standing.held.amount_minor,
    }
    total = sum(sizes.values())
    parts, x = [], 0
    for kind, size in sizes.items():
        width = BAR * size // total if total else 0
        if width:
            parts.append(Part(kind, x, width))
            x += width
    return parts
