"""Set money aside to be paid out."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from footlights.audit.api import Act
from footlights.kernel.money import Money
from footlights.ledger.api import post_journal
from footlights.payouts import causes, policies
from footlights.payouts.errors import AlreadyAskedError, NoDestinationError, NothingToPayOutError
from footlights.payouts.models import IS_CURRENT, DestinationRow, PayoutRow
from footlights.payouts.operations.payee import lock, require_payee
from footlights.payouts.operations.telling import tell, words_of
from footlights.payouts.queries import standing_of
from footlights.payouts.records import Payout, PayoutState
from footlights.terms.api import PayoutSchedule, payout_terms


def request_payout(*, account: str, currency: str, asked_by: uuid.UUID, at: datetime) -> Payout:
    """All that is available, now, because the payee asks. One a day. Raises as `set_aside`, and NotFoundError."""
    require_payee(account, asked_by)
    period = policies.period_of(PayoutSchedule.ON_DEMAND, at.date())
    return set_aside(account=account, currency=currency, period=period, asked_by=asked_by, at=at)


@transaction.atomic
def set_aside(*, account: str, currency: str, period: str, asked_by: uuid.UUID | None, at: datetime) -> Payout:
    """Take what is available out of the account and have it sent, or approved first. Journal and payout in one.

    Locks the payee, so that two runs never take the same money; one payout an account, currency and period, by the
    database too. Raises NoDestinationError, AlreadyAskedError, NothingToPayOutError.
    """
    from footlights.payouts.jobs import send  # noqa: PLC0415  jobs.py imports the operations

    lock(account, currency)
    destination = _usable_destination(account, at)
    kept = PayoutRow.objects.filter(account=account, currency=currency, period=period)
    if kept.exclude(state__in=policies.OVER).exists():
        raise AlreadyAskedError(_("A payout was asked for already. The next one can be asked for tomorrow."))
    terms = payout_terms(currency, at)
    amount = standing_of(account, currency, at).available
    if amount < policies.least_of(terms):
        words = {"amount": _written(max(amount, Money(0, currency))), "least": _written(policies.least_of(terms))}
        raise NothingToPayOutError(_("%(amount)s is available; a payout is at least %(least)s.") % words)
    is_large = policies.needs_approval(amount, terms)
    row = PayoutRow.objects.create(
        account=account,
        amount_minor=amount.amount_minor,
        currency=currency,
        period=period,
        state=PayoutState.WAITING if is_large else PayoutState.ASKED,
        destination=destination,
        asked_by=asked_by,
        created_at=at,
        state_at=at,
    )
    post_journal(
        cause=causes.asked_cause(row.pk),
        postings=policies.asked_postings(account=account, amount=amount),
        at=at,
        memo=f"Payout {period}",
    )
    tell(Act.PAYOUT_REQUESTED, row, period=period, needs_approval=is_large, **words_of(row))
    if not is_large:
        send.defer(payout_id=str(row.pk))
    return row.to_record()


def _usable_destination(account: str, at: datetime) -> DestinationRow:
    destination = DestinationRow.objects.filter(IS_CURRENT, account=account).first()
    if destination is None:
        raise NoDestinationError(_("Say first where your money shall go."))
    if at < destination.usable_from:
        raise NoDestinationError(
            _("Where your money goes was changed less than three days ago. Until then nothing leaves.")
        )
    return destination


def _written(amount: Money) -> str:
    return amount.format(get_language() or "en")
