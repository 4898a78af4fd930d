"""What a channel earned in a time, told apart by what was sold, to which country, and how its buyers came."""

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from footlights.giving.api import TitleGiven, given_by_title
from footlights.kernel.money import Money
from footlights.ledger.api import totals_by_way
from footlights.monetization.api import Facet, PartEarnings, TitleEarnings, earnings_by, earnings_by_title
from footlights.payouts.api import creator_account
from footlights.web.checkout.countries import names_of

FULL = 1_000  # the longest bar, in the picture's own units


@dataclass(frozen=True, slots=True)
class Line:
    """`sales` and `gross` are None of what is not sold piece by piece; `width` is that of its bar."""

    label: str
    sales: int | None
    gross: Money | None
    net: Money
    width: int


@dataclass(frozen=True, slots=True)
class Breakdown:
    id: str
    title: str
    heading: str
    note: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class TitleLine:
    """What one title, collection or broadcast brought; the channel itself, by tips, where all ids are None."""

    title_id: uuid.UUID | None
    collection_id: uuid.UUID | None
    broadcast_id: uuid.UUID | None
    sales: int
    gifts: int
    tips: int
    gross: Money
    net: Money


def lines_by_title(channel_id: uuid.UUID, currency: str) -> list[TitleLine]:
    """Sales, opened gifts and tips together, the best earners first; three queries."""
    given = {
        (each.title_id, each.collection_id, each.broadcast_id): each for each in given_by_title(channel_id, currency)
    }
    lines = []
    for sold in earnings_by_title(channel_id, currency):
        more = given.pop((sold.title_id, sold.collection_id, sold.broadcast_id), None)
        lines.append(_together(sold, more) if more else _sold(sold))
    lines += [
        TitleLine(each.title_id, each.collection_id, each.broadcast_id, 0, each.gifts, each.tips, each.gross, each.net)
        for each in given.values()
    ]
    return sorted(lines, key=lambda line: -line.gross.amount_minor)


def _sold(sold: TitleEarnings) -> TitleLine:
    return TitleLine(sold.title_id, sold.collection_id, sold.broadcast_id, sold.sales, 0, 0, sold.gross, sold.net)


def _together(sold: TitleEarnings, given: TitleGiven) -> TitleLine:
    return replace(
        _sold(sold), gifts=given.gifts, tips=given.tips, gross=sold.gross + given.gross, net=sold.net + given.net
    )


def breakdowns_of(channel_id: uuid.UUID, currency: str, days: int, at: datetime) -> list[Breakdown]:
    """Of the last `days` UTC days, today included; two queries."""
    until = at.astimezone(UTC).date()
    first = until - timedelta(days=days - 1)
    since = datetime.combine(first, time.min, UTC)
    sold = earnings_by(channel_id=channel_id, currency=currency, since=since)
    ways = totals_by_way(creator_account(channel_id), currency, first, until)
    others = [(label, -ways[way]) for way, label in _ways().items() if ways.get(way)]
    names = names_of(get_language() or "en")
    sold_note = _("Of films, collections and tickets that were sold, and not given back.")
    found = [
        Breakdown("kinds", _("By what you offer"), _("Offer"), "", _lines(sold[Facet.KIND], _kinds(), others)),
        Breakdown("countries", _("By country"), _("Country"), sold_note, _lines(sold[Facet.COUNTRY], names)),
        Breakdown("sources", _("By the way they came"), _("How"), _tells(), _lines(sold[Facet.SOURCE], _sources())),
    ]
    return [each for each in found if each.lines]


def _lines(
    parts: list[PartEarnings], labels: dict[str, str], others: list[tuple[str, Money]] | None = None
) -> list[Line]:
    rows: list[tuple[str, int | None, Money | None, Money]] = [
        (labels.get(each.key, each.key or _("Not known")), each.sales, each.gross, each.net) for each in parts
    ]
    rows += [(label, None, None, net) for label, net in others or []]
    most = max((net.amount_minor for *_rest, net in rows), default=0)
    return [
        Line(label, sales, gross, net, max(0, net.amount_minor) * FULL // most if most > 0 else 0)
        for label, sales, gross, net in sorted(rows, key=lambda row: -row[3].amount_minor)
    ]


def _kinds() -> dict[str, str]:
    return {"buy": _("Bought"), "rent": _("Rented"), "free": _("Free"), "ticket": _("Tickets")}


def _ways() -> dict[str, str]:
    """What is earned without a purchase, by the word its journals begin with."""
    return {"invoice": _("Memberships"), "tip": _("Tips"), "gift": _("Gifts"), "pass": _("Passes")}


def _sources() -> dict[str, str]:
    return {
        "direct": _("Directly, or from the front page"),
        "search": _("The search"),
        "channel": _("The pages of your channel"),
        "embed": _("A player on another site"),
        "link": _("A link on another site"),
        "": _("Not known"),
    }


def _tells() -> str:
    return _("How buyers came to the title. Their browser tells it with the purchase; nobody is followed around.")
