"""Say in which currencies a channel sells, and stop it. Whether somebody may is the caller's to ask."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act, record
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import exponent_of
from footlights.prices.models import LocalPriceRow, MarketRow
from footlights.prices.queries import MARKETS_MAX, forget_sold
from footlights.prices.records import WHOLE_BPS, Market

SHARE_LEAST_BPS, SHARE_MOST_BPS = WHOLE_BPS // 100, 5 * WHOLE_BPS


def open_market(*, channel_id: UUID, market: Market, by_id: UUID, at: datetime) -> None:
    """From now on prices are proposed for it. Nothing is sold there before its creator agreed to a price.

    Safe to repeat; another share is for prices that are proposed from now on. Raises InvalidInputError.
    """
    exponent_of(market.currency)
    if not SHARE_LEAST_BPS <= market.share_bps <= SHARE_MOST_BPS:
        raise InvalidInputError(_("Ask between 1 % and 500 % of your own price."), field="percent")
    if MarketRow.objects.filter(channel_id=channel_id).count() >= MARKETS_MAX:
        raise InvalidInputError(_("That is more currencies than anybody can look after."), field="currency")
    with transaction.atomic():
        _row, is_new = MarketRow.objects.update_or_create(
            channel_id=channel_id,
            currency=market.currency,
            country=market.country,
            defaults={"share_bps": market.share_bps},
            create_defaults={"share_bps": market.share_bps, "opened_by": by_id, "opened_at": at},
        )
        _tell(channel_id, by_id, after=_words(market))
    if is_new:
        forget_sold()


def close_market(*, channel_id: UUID, currency: str, country: str, by_id: UUID) -> None:
    """Buyers there pay what is asked at home from now on; who subscribed keeps their price. Safe to repeat."""
    where = {"channel_id": channel_id, "currency": currency, "country": country}
    with transaction.atomic():
        row = MarketRow.objects.select_for_update(no_key=True).filter(**where).first()
        if row is not None:
            LocalPriceRow.objects.filter(**where).delete()
            row.delete()
            _tell(channel_id, by_id, before=_words(row.to_record()))
    forget_sold()


def _tell(channel_id: UUID, by_id: UUID, *, before: str = "", after: str = "") -> None:
    record(
        act=Act.MARKET_CHANGED,
        object_kind="channel",
        object_id=channel_id,
        channel_id=channel_id,
        actor_id=by_id,
        before={"market": before} if before else None,
        after={"market": after} if after else None,
    )


def _words(market: Market) -> str:
    return " ".join(filter(None, [market.currency, market.country, f"{market.share_bps / 100:g} %"]))
