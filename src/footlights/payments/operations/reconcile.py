"""Compare each gateway's own account with what we know, day by day."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from footlights.audit.api import Act, record
from footlights.kernel.ids import parse_id
from footlights.payments import comparing
from footlights.payments.adapters.registry import gateway_named
from footlights.payments.comparing import Key
from footlights.payments.models import DifferenceRow, MovementRow, PaymentRow, PayoutRow, ReconciledDayRow
from footlights.payments.operations.payout import settle_payout
from footlights.payments.operations.settle_payment import settle_payment

DAY = timedelta(days=1)
OVERLAP = timedelta(hours=2)  # of what is fetched: clocks differ, and lines are written late
DAYS_MAX = 40  # that one run catches up with
AT_ONCE = 500
ASKED_MAX = 200  # payments that one run asks the gateway about anew


def reconcile(*, gateway: str, at: datetime) -> int:
    """Compare the days that ended since the last time; returns how many differences are open.

    What differs is asked of the gateway once more before it is called a difference; then the trail is told, and who
    handles alerts. Call outside a transaction; safe to repeat and to run twice at once. Raises GatewayUnreachableError.
    """
    last = ReconciledDayRow.objects.filter(gateway=gateway).order_by("-day").first()
    yesterday = at.astimezone(UTC).date() - DAY
    if last is None:
        ReconciledDayRow.objects.get_or_create(gateway=gateway, day=yesterday, defaults={"compared_at": at})
        return 0
    day, until = last.day + DAY, min(yesterday, last.day + DAYS_MAX * DAY)
    if day <= until:
        _fetch(gateway, since=_midnight(day) - OVERLAP, until=at)
    while day <= until:
        _compare_day(gateway, day, at)
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


def _compare_day(gateway: str, day: date, at: datetime) -> None:
    """Publishes nothing; the day's row, its differences and the trail's record are one transaction."""
    since = _midnight(day)
    moved = comparing.moved_at(gateway, since, since + DAY)
    moved -= comparing.older_than(_begun(gateway), gateway, moved)
    differing: dict[Key, tuple[int | None, int | None]] = {}
    for some in _some_at_once(moved):
        _ask_again(_differing(gateway, some), at)
        differing |= _differing(gateway, some)
    matched = len(moved) - len({key.reference for key in differing})
    with transaction.atomic():
        row, is_new = ReconciledDayRow.objects.get_or_create(
            gateway=gateway, day=day, defaults={"compared_at": at, "matched": matched}
        )
        if is_new and sum(_note(gateway, day, key, sides, at) for key, sides in differing.items()):
            after = {"gateway": gateway, "day": day.isoformat(), "differences": len(differing)}
            record(act=Act.GATEWAY_DIFFERS, object_kind="reconciled day", object_id=row.pk, after=after)


def _differing(gateway: str, references: Iterable[str]) -> dict[Key, tuple[int | None, int | None]]:
    """What we have and what the gateway has, where they are not the same. Nothing and a sum of zero are."""
    references = list(references)
    ours, theirs = comparing.here(gateway, references), comparing.there(gateway, references)
    keys = sorted(ours.keys() | theirs.keys())
    return {key: (ours.get(key), theirs.get(key)) for key in keys if ours.get(key, 0) != theirs.get(key, 0)}


def _ask_again(differing: dict[Key, tuple[int | None, int | None]], at: datetime) -> None:
    """The gateway's word on each payment or payout that differs: a webhook may have been lost."""
    ids = [ours for reference in sorted({key.reference for key in differing}) if (ours := parse_id(reference))]
    for payment in PaymentRow.objects.filter(pk__in=ids)[:ASKED_MAX]:
        settle_payment(payment_id=payment.pk, at=at)
    for payout in PayoutRow.objects.filter(pk__in=ids)[:ASKED_MAX]:
        settle_payout(payout_id=payout.pk, at=at)


def _note(gateway: str, day: date, key: Key, sides: tuple[int | None, int | None], at: datetime) -> bool:
    """Returns whether it is new, or was settled before."""
    row, is_new = DifferenceRow.objects.get_or_create(
        gateway=gateway,
        **key._asdict(),
        defaults={"day": day, "here_minor": sides[0], "there_minor": sides[1], "found_at": at},
    )
    if is_new:
        return True
    changed = DifferenceRow.objects.filter(pk=row.pk)
    came_back = changed.exclude(settled_at=None).update(settled_at=None, found_at=at, day=day)
    changed.update(here_minor=sides[0], there_minor=sides[1])
    return bool(came_back)


def _note_again(row: DifferenceRow, left: dict[Key, tuple[int | None, int | None]], at: datetime) -> None:
    sides = left.get(Key(row.reference, row.kind, row.currency))
    changed = DifferenceRow.objects.filter(pk=row.pk, settled_at=None)
    if sides is None:
        changed.update(settled_at=at)
    else:
        changed.update(here_minor=sides[0], there_minor=sides[1])


def _some_at_once(references: set[str]) -> Iterator[list[str]]:
    every = sorted(references)
    for first in range(0, len(every), AT_ONCE):
        yield every[first : first + AT_ONCE]


def _begun(gateway: str) -> datetime:
    return ReconciledDayRow.objects.filter(gateway=gateway).earliest("day").compared_at


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
