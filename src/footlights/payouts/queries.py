"""Bounded reads of payouts."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.ledger.api import list_balances, movement_of
from footlights.payouts import causes, policies
from footlights.payouts.models import IS_CURRENT, IS_KEPT, DestinationRow, HoldRow, PayoutRow
from footlights.payouts.records import Destination, Hold, NextPayout, Payout, PayoutState, Standing
from footlights.sellers.api import Ask, Withheld, find_withheld, withheld_by
from footlights.terms.api import PayoutTerms, payout_terms, payout_terms_in

LIMIT_MAX = 200
HOLDS_MAX = 2_000


def standing_of(account: str, currency: str, at: datetime) -> Standing:
    """How much of the account's balance may be paid out at `at`, and what the rest waits for."""
    terms = payout_terms(currency, at, channel_id=_channel_of(account))
    return _withheld(_standing(account, terms, _kept(account), at), lambda: find_withheld(account, at))


def list_standings(account: str, at: datetime, *, home: str, asks: Sequence[Ask]) -> list[Standing]:
    """One for each currency the account ever moved in, by its code; in the `home` currency if in none.

    `asks`: what `sellers.list_asks_about` says of the account. Three queries, and one for each currency.
    """
    currencies = list_currencies(account) or [home]
    terms, kept = payout_terms_in(currencies, at, channel_id=_channel_of(account)), _kept(account)
    standings = [_standing(account, terms[currency], kept, at) for currency in currencies]
    return [_withheld(standing, lambda: withheld_by(asks, account, at)) for standing in standings]


def list_currencies(account: str) -> list[str]:
    """All that the account ever moved in, by their codes."""
    return sorted({each.amount.currency for each in list_balances(account) if each.account == account})


def _channel_of(account: str) -> uuid.UUID | None:
    kind, owner_id = policies.owner_of(account)
    return owner_id if kind == policies.CREATOR else None


def _kept(account: str) -> list[Hold]:
    rows = HoldRow.objects.filter(IS_KEPT, account=account).order_by("-placed_at")
    return [row.to_record() for row in rows[:HOLDS_MAX]]


def _standing(account: str, terms: PayoutTerms, kept: Iterable[Hold], at: datetime) -> Standing:
    """In the currency of the terms; `kept` are all holds of the account."""
    currency = terms.minimum.currency
    holds = tuple(hold for hold in kept if hold.amount.currency == currency)
    movement = movement_of(
        account,
        currency,
        since=at - timedelta(days=terms.hold_days),
        apart=causes.PREFIX,
        earlier=at - timedelta(days=terms.reserve_days),
    )
    earned = Money(-movement.earlier_credits, currency)
    reserve = policies.reserve_of(earned, first=movement.earlier_first, terms=terms)
    held = sum(hold.amount.amount_minor for hold in holds) + (reserve.amount.amount_minor if reserve else 0)
    sums = policies.Sums(
        settled=-movement.before, earned=-movement.credits, taken=movement.debits, paid_out=movement.apart
    )
    return Standing(
        account=account,
        balance=Money(sums.settled + sums.earned - sums.taken - sums.paid_out, currency),
        fresh=Money(sums.earned, currency),
        held=Money(held, currency),
        available=Money(policies.available_minor(sums, held=held), currency),
        terms=terms,
        holds=holds,
        reserve=reserve,
    )


def _withheld(standing: Standing, find: Callable[[], Withheld | None]) -> Standing:
    """All of it held, while the payee does not say what the tax office asks, after two reminders."""
    available, nothing = standing.available, Money(0, standing.available.currency)
    withheld = find() if available > nothing else None
    if withheld is None:
        return standing
    reason = _("Your tax details are missing; it goes on as soon as you have said them")
    hold = Hold(id=withheld.person_id, account=standing.account, amount=available, reason=reason, since=withheld.since)
    return replace(
        standing,
        held=standing.held + available,
        available=nothing,
        holds=(hold, *standing.holds),
        is_withheld=True,
    )


def next_payout(standing: Standing, destination: Destination | None, at: datetime) -> NextPayout:
    """What the schedule will do by itself, as far as is known at `at`; `destination`: where the money goes now."""
    return policies.foresee(standing.terms, standing, destination, at)


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


def list_holds() -> list[Hold]:
    """What is kept now of anybody, the newest first; at most 200."""
    rows = HoldRow.objects.filter(IS_KEPT).order_by("-placed_at")
    return [row.to_record() for row in rows[:LIMIT_MAX]]
