"""Ask Stripe Tax what a place asks, where the operator chose it, and keep the answer."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Value
from django.db.models.functions import Coalesce

from footlights.taxes.adapters.registry import BY_STRIPE
from footlights.taxes.adapters.stripe_tax import NoSuchPlaceError, StripeTax, TaxSilentError
from footlights.taxes.known_rates import forget_known_rates
from footlights.taxes.models import PlaceRateRow
from footlights.taxes.policies import BY_POSTCODE, SAME_TAXES_AS

logger = logging.getLogger(__name__)

ASKED_AGAIN_AFTER = timedelta(days=1)
AFTER_SILENCE = timedelta(minutes=1)
PLACES_AT_ONCE = 500


def learn_rate(*, country: str, region: str, at: datetime) -> bool:
    """An answer counts for a day before it is asked for again; silence for a minute. Safe to repeat.

    `region` is a province, or a postcode of the United States, which alone says nothing. False only when Stripe says
    that there is no such place. Does nothing where our own tables work out the tax. Asks within three seconds: call
    outside a transaction. While Stripe is silent the last answer of 30 days goes on to count, then the tables do
    (adapters/learned.py).
    """
    if settings.TAX_CALCULATOR != BY_STRIPE or not country or (country == BY_POSTCODE and not region):
        return True
    place = SAME_TAXES_AS.get(country.upper(), country.upper())
    row, _is_new = PlaceRateRow.objects.get_or_create(country=place, region=region.upper())
    wait = AFTER_SILENCE if row.silent_since else ASKED_AGAIN_AFTER
    if row.asked_at is None or row.asked_at + wait <= at:
        return _ask(row, at)
    return True


def refresh_rates(*, at: datetime) -> None:
    """All places that anybody ever bought from, each once a day. Call outside a transaction.

    Postcodes are too many for that: each is asked for anew when somebody there buys, or renews.
    """
    rows = PlaceRateRow.objects.filter(asked_at__lte=at - ASKED_AGAIN_AFTER).exclude(country=BY_POSTCODE)
    for country, region in rows.order_by("asked_at").values_list("country", "region")[:PLACES_AT_ONCE]:
        learn_rate(country=country, region=region, at=at)


def _ask(row: PlaceRateRow, at: datetime) -> bool:
    rows = PlaceRateRow.objects.filter(pk=row.pk)
    try:
        found = StripeTax().ask(row.country, row.region, on=at.date())
    except NoSuchPlaceError:
        rows.filter(learned_at=None).delete()
        return False
    except TaxSilentError as error:
        logger.warning("Stripe Tax says nothing of %s %s: %s", row.country, row.region, error)
        rows.update(asked_at=at, silent_since=Coalesce("silent_since", Value(at)))
    else:
        rows.update(
            asked_at=at,
            learned_at=at,
            silent_since=None,
            rate_micro=found.rate_micro,
            name=found.name,
            state=found.state,
        )
    forget_known_rates()
    return True
