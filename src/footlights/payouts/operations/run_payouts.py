"""What the schedule pays out by itself."""

import logging
from collections.abc import Iterator
from datetime import datetime

from footlights.ledger.api import list_balances
from footlights.payouts import policies
from footlights.payouts.errors import PayoutError
from footlights.payouts.models import IS_CURRENT, DestinationRow, RunRow
from footlights.payouts.operations.request_payout import set_aside
from footlights.terms.api import PayoutSchedule, payout_terms

logger = logging.getLogger(__name__)

BATCH = 200
ANY_CURRENCY = "EUR"  # the schedule is the same in all


def run_payouts(*, at: datetime) -> int:
    """Set aside what is available for everybody whose destination can be used, once a period. Returns how many.

    The first call in a week or month begins its run; one that died is gone through again, and whoever has a payout of
    this period is left alone. Each payout is a transaction of its own, so one that cannot be made holds up no other.
    """
    schedule = payout_terms(ANY_CURRENCY, at).schedule
    if schedule is PayoutSchedule.ON_DEMAND:
        return 0
    period = policies.period_of(schedule, at.date())
    run, _ = RunRow.objects.get_or_create(period=period, defaults={"started_at": at})
    if run.finished_at:
        return 0
    made = sum(_pay(account, period, at) for account in _payable(at))
    RunRow.objects.filter(pk=run.pk, finished_at=None).update(finished_at=at)
    return made


def _pay(account: str, period: str, at: datetime) -> int:
    made = 0
    for currency in {each.amount.currency for each in list_balances(account) if each.amount.amount_minor < 0}:
        try:
            set_aside(account=account, currency=currency, period=period, asked_by=None, at=at)
            made += 1
        except PayoutError as reason:
            logger.info("no payout of %s in %s for %s: %s", account, currency, period, reason.code)
    return made


def _payable(at: datetime) -> Iterator[str]:
    """Accounts whose destination can be used, in batches by key, so that no list grows with the house."""
    last = ""
    usable = DestinationRow.objects.filter(IS_CURRENT, usable_from__lte=at).order_by("account")
    while batch := list(usable.filter(account__gt=last).values_list("account", flat=True)[:BATCH]):
        yield from batch
        last = batch[-1]
