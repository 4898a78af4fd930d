"""The rules of payouts. Pure: what they need is given to them."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from footlights.kernel.ids import parse_id
from footlights.kernel.money import Money
from footlights.ledger.api import Posting
from footlights.payouts.records import Destination, NextPayout, Reserve, Standing
from footlights.payouts.records import PayoutState as State
from footlights.terms.api import PayoutSchedule as Schedule
from footlights.terms.api import PayoutTerms

DESTINATION_WAITS = timedelta(hours=72)  # so that whoever took an account over cannot send its money away the same day
CREATOR, PERSON = "creator", "person"
DUE = "payout:due"  # the account of what is set aside and not yet gone

# From where a payout may move to a state. A bank may return what it took days before.
SOURCES = {
    State.ASKED: frozenset({State.WAITING}),
    State.REFUSED: frozenset({State.WAITING}),
    State.PAID: frozenset({State.ASKED}),
    State.RETURNED: frozenset({State.ASKED, State.PAID}),
}
OVER = frozenset({State.REFUSED, State.RETURNED})  # its period may be asked for again


def creator_account(channel_id: uuid.UUID) -> str:
    return f"{CREATOR}:{channel_id}"


def person_account(person_id: uuid.UUID) -> str:
    return f"{PERSON}:{person_id}"


def is_payee(account: str) -> bool:
    """Whether it is an account that is paid out at all."""
    kind, _colon, identifier = account.partition(":")
    return kind in {CREATOR, PERSON} and parse_id(identifier) is not None


def owner_of(account: str) -> tuple[str, uuid.UUID]:
    """Whose account it is: (“creator”, a channel's id) or (“person”, a person's). Raises ValueError on any other."""
    kind, _, identifier = account.partition(":")
    if kind not in {CREATOR, PERSON}:
        raise ValueError(f"Nobody is paid out from {account}.")
    return kind, uuid.UUID(identifier)


@dataclass(frozen=True, slots=True)
class Sums:
    """What the books say of an account, in minor units, with the sign of who is owed (credits > 0).

    `settled`: everything up to the hold's beginning. Since then: `earned` ≥ 0, `taken` ≥ 0 (refunds, disputes), and
    `paid_out`, payouts less what came back of them.
    """

    settled: int
    earned: int
    taken: int
    paid_out: int


def available_minor(sums: Sums, *, held: int) -> int:
    """What may be paid out: settled earnings, less what was paid out or taken since, less what is held.

    What was taken since counts against settled earnings even if the sale it belongs to is fresh: so the figure is never
    above what is really left, and grows back when that sale's own days are over.
    """
    return sums.settled - sums.paid_out - sums.taken - held


def reserve_of(earned: Money, *, first: date | None, terms: PayoutTerms) -> Reserve | None:
    """What stays of `earned`, which is past the hold and not older than the reserve's days, the oldest of `first`.

    Rounded half to even. Each earning's part goes free by itself when its own days are over. None when nothing stays.
    """
    amount = earned.share_bps(terms.reserve_bps)
    if first is None or not amount:
        return None
    return Reserve(
        amount=amount,
        bps=terms.reserve_bps,
        days=terms.reserve_days,
        from_day=first + timedelta(days=terms.reserve_days),
    )


def period_of(schedule: Schedule, day: date) -> str:
    """The time a payout is for, of which there is one an account: 2026-W48 or 2026-11; else each day."""
    if schedule is Schedule.WEEKLY:
        year, week, _day = day.isocalendar()
        return f"{year}-W{week:02}"
    return day.strftime("%Y-%m") if schedule is Schedule.MONTHLY else day.isoformat()


def next_run(schedule: Schedule, after: date) -> date | None:
    """The first day after `after` on which the schedule pays out: Mondays, or the first of a month. None on demand."""
    if schedule is Schedule.DAILY:
        return after + timedelta(days=1)
    if schedule is Schedule.WEEKLY:
        return after + timedelta(days=7 - after.weekday())
    if schedule is Schedule.MONTHLY:
        return (after.replace(day=1) + timedelta(days=32)).replace(day=1)
    return None


def least_of(terms: PayoutTerms) -> Money:
    """The least that is paid out: the platform's minimum, and never nothing."""
    return max(terms.minimum, Money(1, terms.minimum.currency))


def needs_approval(amount: Money, terms: PayoutTerms) -> bool:
    """Whether a second person has to say yes."""
    return terms.approval_from is not None and not amount < terms.approval_from


def foresee(terms: PayoutTerms, standing: Standing, destination: Destination | None, at: datetime) -> NextPayout:
    """What the schedule will do by itself, as far as is known now, in a sentence for the payee."""
    day = next_run(terms.schedule, at.date())
    if standing.is_withheld:
        return NextPayout(None, _("Nothing leaves until you have said your tax details."))
    if destination is None:
        return NextPayout(None, _("Say first where your money shall go."))
    if day is None:
        return NextPayout(None, _("Nothing leaves by itself here: ask for your money whenever you like."))
    if destination.usable_from.date() >= day:
        day = next_run(terms.schedule, destination.usable_from.date()) or day
        return NextPayout(day, _("Your new account is used from then on; for three days after a change nothing goes."))
    if standing.available < least_of(terms):
        least = terms.minimum.format(get_language() or "en")
        return NextPayout(day, _("It goes then if at least %(least)s is available.") % {"least": least})
    return NextPayout(day, _("What is available then goes by itself."))


def asked_postings(*, account: str, amount: Money) -> list[Posting]:
    """Set aside: no longer the payee's to ask for, not yet gone."""
    return [Posting(account, amount), Posting(DUE, -amount)]


def conversion_postings(*, account: str, gives: Money, gets: Money) -> list[Posting]:
    """Zero in each currency: what the payee gives in the one, the house's conversion account takes, and the reverse."""
    return [
        Posting(account, gives),
        Posting(f"conversion:{gives.currency.lower()}", -gives),
        Posting(f"conversion:{gets.currency.lower()}", gets),
        Posting(account, -gets),
    ]


def paid_postings(*, gateway: str, amount: Money) -> list[Posting]:
    return [Posting(DUE, amount), Posting(f"gateway:{gateway}", -amount)]
