"""Turn what is available in one currency into another, at a rate that is shown first."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from footlights.audit.api import Act, record
from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money, exponent_of
from footlights.ledger.api import list_journal, post_journal
from footlights.payouts import causes, policies
from footlights.payouts.errors import ConversionChangedError, NothingToPayOutError, RateUnknownError
from footlights.payouts.operations.payee import lock, receiver_of, require_payee
from footlights.payouts.queries import standing_of
from footlights.payouts.records import Conversion
from footlights.prices.api import convert, rates_on

RATES_LAST = timedelta(days=7)  # over Easter no bank says a rate for five days


def quote_conversion(*, account: str, source: str, target: str, by_id: uuid.UUID, at: datetime) -> Conversion:
    """What all that is available in `source` would be in `target` at today's rate. Writes nothing.

    Raises NotFoundError, NothingToPayOutError, RateUnknownError where no rate of this week is known.
    """
    require_payee(account, by_id)
    return _quote(account, source, target, at)


@transaction.atomic
def convert_balance(
    *, account: str, source: str, target: str, shown: Money, idempotency_key: str, by_id: uuid.UUID, at: datetime
) -> None:
    """Convert it for exactly what was `shown`. The same key converts once.

    Locks the payee in both currencies, so that no payout takes the same money. Raises as `quote_conversion`, and
    ConversionChangedError when it would be another amount by now.
    """
    require_payee(account, by_id)
    for currency in sorted({source, target}):
        lock(account, currency)
    cause = causes.converted_cause(account, idempotency_key)
    if list_journal(cause):
        return
    quote = _quote(account, source, target, at)
    if quote.gets != shown:
        words = {"amount": quote.gets.format(get_language() or "en")}
        raise ConversionChangedError(_("By now it would be %(amount)s. Nothing was converted.") % words)
    post_journal(
        cause=cause,
        postings=policies.conversion_postings(account=account, gives=quote.gives, gets=quote.gets),
        at=at,
        memo=f"Converted at {quote.rate.normalize():f} {target} for one {source} of {quote.on.isoformat()}",
    )
    kind, owner_id = policies.owner_of(account)
    record(
        act=Act.BALANCE_CONVERTED,
        object_kind="payout",
        object_id=idempotency_key,
        channel_id=owner_id if kind == policies.CREATOR else None,
        person_ids=[receiver_of(account)],
        after={"gives": _plain(quote.gives), "gets": _plain(quote.gets), "rate": str(quote.rate)},
    )


def _quote(account: str, source: str, target: str, at: datetime) -> Conversion:
    exponent_of(source), exponent_of(target)
    if source == target:
        raise NotFoundError("There is nothing to convert.")
    available = standing_of(account, source, at).available
    if available.amount_minor <= 0:
        raise NothingToPayOutError(_("Nothing is available in this currency now."))
    rates = rates_on(at.date())
    days = [rates.by_currency[each].on for each in (source, target) if each in rates.by_currency]
    gets = convert(available, target, rates)
    if gets is None or at.date() - min(days) > RATES_LAST:
        raise RateUnknownError(_("No rate of this week is known for these currencies. Try again tomorrow."))
    if not gets:
        raise NothingToPayOutError(_("What is available is less than the least there is of that currency."))
    return Conversion(gives=available, gets=gets, rate=rates.between(source, target), on=min(days))


def _plain(amount: Money) -> str:
    return f"{amount.decimal} {amount.currency}"
