"""Compare each gateway's own account, what we know, and what the books have, day by day."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from footlights.audit.api import Act, record
from footlights.kernel.ids import parse_id
from footlights.ledger.api import newest_journal
from footlights.payments import comparing, policies
from footlights.payments.adapters.registry import gateway_named
from footlights.payments.booked import booked, booked_after
from footlights.payments.comparing import Key, Sides
from footlights.payments.models import DifferenceRow, MovementRow, PaymentRow, PayoutRow, ReconciledDayRow
from footlights.payments.operations.ask_about_disputes import find_disputes
from footlights.payments.operations.payout import settle_payout
from footlights.payments.operations.settle_payment import settle_payment

DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)
OVERLAP = timedelta(hours=2)  # of what is fetched: clocks differ, and lines are written late
DAYS_MAX = 40  # that one run catches up with
AT_ONCE = 500
ASKED_MAX = 200  # payments that one run asks the gateway about anew
NOTHING_BOOKED = uuid.UUID(int=0)


def reconcile(*, gateway: str, at: datetime) -> int:
    """Compare what has settled since the last time, today's too; returns how many differences are open.

    What moved within the last hours is left for the next run: a gateway's lines and our bookings take their time. What
    differs is asked of the gateway once more before it is called a difference; then the trail is told, and who handles
    alerts. Call outside a transaction; safe to repeat and to run twice at once. Raises GatewayUnreachableError.
    """
    last = ReconciledDayRow.objects.filter(gateway=gateway).order_by("-day").first()
    if last is None:
        begun = {"compared_at": at, "read_to": newest_journal() or NOTHING_BOOKED}
        ReconciledDayRow.objects.get_or_create(gateway=gateway, day=_day_of(at) - DAY, defaults=begun)
        return 0
    settled = at - policies.SETTLED_AFTER
    day = last.day if last.compared_until else last.day + DAY
    until = min(_day_of(settled - MOMENT), day + DAYS_MAX * DAY)
    if day <= until:
        _fetch(gateway, since=min(_midnight(day), settled) - OVERLAP, until=at)
        moving = comparing.moved_at(gateway, settled, at + DAY)
        newly_booked, read_to = booked_after(gateway, last.read_to, until=settled)
        while day <= until:
            moved = comparing.moved_at(gateway, _midnight(day), min(_midnight(day) + DAY, settled))
            moved |= newly_booked if day == until else set()  # whatever day it says to be about
            _compare_day(gateway, day, moved - moving, read_to=read_to, settled=settled, at=at)
            day += DAY
    return settle_differences(gateway=gateway, at=at)


def settle_differences(*, gateway: str, at: datetime) -> int:
    """Compare again what differed; what a webhook or a later line explains is settled. Returns how many are open.

    Call outside a transaction; safe to repeat. Raises GatewayUnreachableError.
    """
    still_open = DifferenceRow.objects.filter(gateway=gateway, settled_at=None)
    oldest = still_open.order_by("day").first()
    if oldest is None:
        return 0
    newest = MovementRow.objects.filter(gateway=gateway).order_by("-at").first()
    _fetch(gateway, since=(newest.at if newest else _midnight(oldest.day)) - OVERLAP, until=at)
    references = set(still_open.values_list("reference", flat=True))
    for some in _some_at_once(references):
        _ask_again(_differing(gateway, some), at)
        left = _differing(gateway, some)
        for row in still_open.filter(reference__in=some):
            _note_again(row, left, at)
    return still_open.count()


def _fetch(gateway: str, *, since: datetime, until: datetime) -> None:
    after = ""
    while True:
        page = gateway_named(gateway).list_movements(since=since, until=until, after=after)
        rows = [
            MovementRow(
                gateway=gateway,
                gateway_ref=each.ref,
                kind=each.kind,
                reference=each.reference,
                amount_minor=each.amount.amount_minor,
                currency=each.amount.currency,
                at=each.at,
            )
            for each in page.movements
        ]
        MovementRow.objects.bulk_create(rows, ignore_conflicts=True)
        if not page.after:
            return
        after = page.after


def _compare_day(
    gateway: str, day: date, moved: set[str], *, read_to: uuid.UUID, settled: datetime, at: datetime
) -> None:
    """Publishes nothing; the day's row, its differences and the trail's record are one transaction."""
    moved -= comparing.older_than(_begun(gateway), gateway, moved)
    differing: dict[Key, Sides] = {}
    for some in _some_at_once(moved):
        _ask_again(_differing(gateway, some), at)
        differing |= _differing(gateway, some)
    known = {
        "matched": len(moved) - len({key.reference for key in differing}),
        "compared_until": settled if settled < _midnight(day) + DAY else None,
        "read_to": read_to,
    }
    with transaction.atomic():
        row, _is_new = ReconciledDayRow.objects.update_or_create(
            gateway=gateway, day=day, defaults=known, create_defaults={**known, "compared_at": at}
        )
        if sum(_note(gateway, day, key, sides, at) for key, sides in differing.items()):
            after = {"gateway": gateway, "day": day.isoformat(), "differences": len(differing)}
            record(act=Act.GATEWAY_DIFFERS, object_kind="reconciled day", object_id=row.pk, after=after)


def _differing(gateway: str, references: Iterable[str]) -> dict[Key, Sides]:
    references = list(references)
    return comparing.differing(
        comparing.here(gateway, references), comparing.there(gateway, references), booked(gateway, references)
    )


def _ask_again(differing: dict[Key, Sides], at: datetime) -> None:
    """The gateway's word on each payment, its disputes, or payout that differs: a webhook may have been lost."""
    ids = [ours for reference in sorted({key.reference for key in differing}) if (ours := parse_id(reference))]
    for payment in PaymentRow.objects.filter(pk__in=ids)[:ASKED_MAX]:
        find_disputes(settle_payment(payment_id=payment.pk, at=at), at=at)
    for payout in PayoutRow.objects.filter(pk__in=ids)[:ASKED_MAX]:
        settle_payout(payout_id=payout.pk, at=at)


def _note(gateway: str, day: date, key: Key, sides: Sides, at: datetime) -> bool:
    """Returns whether it is new, or was settled before."""
    amounts = _amounts(sides)
    row, is_new = DifferenceRow.objects.get_or_create(
        gateway=gateway, **key._asdict(), defaults={"day": day, "found_at": at, **amounts}
    )
    if is_new:
        return True
    changed = DifferenceRow.objects.filter(pk=row.pk)
    came_back = changed.exclude(settled_at=None).update(settled_at=None, found_at=at, day=day)
    changed.update(**amounts)
    return bool(came_back)


def _note_again(row: DifferenceRow, left: dict[Key, Sides], at: datetime) -> None:
    sides = left.get(Key(row.reference, row.kind, row.currency))
    changed = DifferenceRow.objects.filter(pk=row.pk, settled_at=None)
    if sides is None:
        changed.update(settled_at=at)
    else:
        changed.update(**_amounts(sides))


def _amounts(sides: Sides) -> dict[str, int | None]:
    return {f"{side}_minor": amount_minor for side, amount_minor in sides._asdict().items()}


def _some_at_once(references: set[str]) -> Iterator[list[str]]:
    every = sorted(references)
    for first in range(0, len(every), AT_ONCE):
        yield every[first : first + AT_ONCE]


def _begun(gateway: str) -> datetime:
    return ReconciledDayRow.objects.filter(gateway=gateway).earliest("day").compared_at


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _day_of(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
