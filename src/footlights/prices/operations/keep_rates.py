"""Keep what currencies are worth: asked of a source every day, or said by an administrator."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act, record
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import exponent_of
from footlights.prices.adapters.registry import source
from footlights.prices.models import RateRow
from footlights.prices.records import Rate

RATE_MOST = Decimal(10**9)
DIGITS = Decimal(1).scaleb(-10)


def fetch_rates() -> int:
    """Ask the source of settings.RATES_SOURCE and keep what it says, under its own date; how many it told.

    Call outside a transaction. Safe to repeat. Raises RatesUnavailableError.
    """
    told = source().fetch()
    keep_rates(told)
    return len(told)


def keep_rates(rates: Iterable[Rate]) -> None:
    """Another rate of the same day takes its place. Joins the caller's transaction."""
    rows = [RateRow(currency=each.currency, on=each.on, per_euro=each.per_euro, source=each.source) for each in rates]
    RateRow.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["currency", "on"], update_fields=["per_euro", "source"]
    )


def set_rate(*, currency: str, per_euro: Decimal, on: date, by_id: UUID, at: datetime) -> Rate:
    """What an administrator says one euro buys from that day on, until a newer rate is known.

    Raises InvalidInputError. Whether `by_id` may is the caller's to ask.
    """
    exponent_of(currency)
    if currency == "EUR":
        raise InvalidInputError(_("All rates are for one euro."), field="currency")
    if not DIGITS <= per_euro <= RATE_MOST:
        raise InvalidInputError(_("Say how much of it one euro buys: more than nothing."), field="per_euro")
    if on > at.date():
        raise InvalidInputError(_("Nobody knows that day's rate yet."), field="on")
    rate = Rate(currency, on, per_euro.quantize(DIGITS), "administrator")
    with transaction.atomic():
        keep_rates([rate])
        record(
            act=Act.RATE_SET,
            object_kind="rate",
            object_id=currency,
            actor_id=by_id,
            after={"on": on.isoformat(), "per_euro": str(rate.per_euro)},
        )
    return rate
