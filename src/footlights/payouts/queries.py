"""Bounded reads of payouts."""

import uuid
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.ledger.api import list_balances, movement_of
from footlights.payouts import causes, policies
from footlights.payouts.models import IS_CURRENT, IS_KEPT, DestinationRow, HoldRow, PayoutRow
from footlights.payouts.records import Destination, Hold, NextPayout, Payout, PayoutState, Standing
from footlights.sellers.api import find_withheld
from footlights.terms.api import payout_terms

LIMIT_MAX = 200


def standing_of(account: str, currency: str, at: datetime) -> Standing:
    """How much of the account's balance may be paid out at `at`, and what the rest waits for."""
    kind, owner_id = policies.owner_of(account)
    terms = payout_terms(currency, at, channel_id=owner_id if kind == policies.CREATOR else None)
    movement = movement_of(
        account,
        currency,
        since=at - timedelta(days=terms.hold_days),
        apart=causes.PREFIX,
        earlier=at - timedelta(days=terms.reserve_days),
    )
    holds = tuple(list_holds(account, currency))
    earned = Money(-movement.earlier_credits, currency)
    reserve = policies.reserve_of(earned, first=movement.earlier_first, terms=terms)
    held = sum(hold.amount.amount_minor for hold in holds) + (reserve.amount.amount_minor if reserve else 0)
    sums = policies.Sums(
        settled=-movement.before, earned=-movement.credits, taken=movement.debits, paid_out=movement.apart
    )
    available = Money(policies.available_minor(sums, held=held), currency)
    withheld = _withheld(account, available, at)
    if withheld:
        holds, held, available = (withheld, *holds), held + available.amount_minor, Money(0, currency)
    return Standing(
        account=account,
        balance=Money(sums.settled + sums.earned - sums.taken - sums.paid_out, currency),
        fresh=Money(sums.earned, currency),
        held=Money(held, currency),
        available=available,
        hold_days=terms.hold_days,
        holds=holds,
        reserve=reserve,
        is_withheld=withheld is not None,
    )


def _withheld(account: str, available: Money, at: datetime) -> Hold | None:
    """All of it, while the payee does not say what the tax office asks, after two reminders."""
    withheld = find_withheld(account, at) if available.amount_minor > 0 else None
    if withheld is None:
        return None
    reason = _("Your tax details are missing; it goes on as soon as you have said them")
    return Hold(id=withheld.person_id, account=account, amount=available, reason=reason, since=withheld.since)


def list_standings(account: str, at: datetime) -> list[Standing]:
    """One for each currency the account ever moved in, by its code."""
    currencies = sorted({each.amount.currency for each in list_balances(account) if each.account == account})
    return [standing_of(account, currency, at) for currency in currencies]


def next_payout(standing: Standing, at: datetime) -> NextPayout:
    """What the schedule will do by itself, as far as is known at `at`."""
    terms = payout_terms(standing.balance.currency, at)
    return policies.foresee(terms, standing, find_destination(standing.account), at)


def find_destination(account: str) -> Destination | None:
    row = DestinationRow.objects.filter(IS_CURRENT, account=account).first()
    return row.to_record() if row else None


def get_payout(payout_id: uuid.UUID) -> Payout:
    """Raises NotFoundError."""
    row = PayoutRow.objects.select_related("destination").filter(pk=payout_id).first()
    if row is None:
        raise NotFoundError("There is no such payout.")
    return row.to_record()


def list_payouts(
    *, account: str = "", state: PayoutState | None = None, limit: int = 50, offset: int = 0
) -> list[Payout]:
    """The newest first: of one account, or of all."""
    rows = PayoutRow.objects.select_related("destination").order_by("-created_at", "-pk")
    if account:
        rows = rows.filter(account=account)
    if state:
        rows = rows.filter(state=state)
    return [row.to_record() for row in rows[offset : offset + min(limit, LIMIT_MAX)]]


def count_waiting() -> int:
    """Payouts that a second person has to decide about."""
    return PayoutRow.objects.filter(state=PayoutState.WAITING).count()


def list_holds(account: str = "", currency: str = "") -> list[Hold]:
    """What is kept now, the newest first; at most 200."""
    rows = HoldRow.objects.filter(IS_KEPT).order_by("-placed_at")
    if account:
        rows = rows.filter(account=account)
    if currency:
        rows = rows.filter(currency=currency)
    return [row.to_record() for row in rows[:LIMIT_MAX]]
