"""What a gateway has of payments and payouts, and what we have; what the books have is in booked.py. Reads only.

All are sums by what they are about, kind and currency: a doubled line makes a sum that differs, and what was taken and
came back is nothing.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, Sum

from footlights.kernel.ids import parse_id
from footlights.kernel.money import Money
from footlights.payments import policies
from footlights.payments.adapters.gateway import MovementKind
from footlights.payments.models import DisputeRow, MovementRow, PaymentRow, PayoutRow, RefundRow
from footlights.payments.records import DisputeState, PayoutState, RefundState

HELD = "held"  # what a bank holds until it decides, or what is set aside to be sent: no gateway has a line of it
LINE = "line:"  # what a line is called that is about nothing of ours
SENT = (PayoutState.SENT, PayoutState.PAID)


class Key(NamedTuple):
    reference: str
    kind: str
    currency: str


class Sides(NamedTuple):
    """In minor units, above zero what came to us; None is nothing, and as good as a sum of zero."""

    here: int | None
    there: int | None
    booked: int | None


def differing(here: dict[Key, int], there: dict[Key, int], booked: dict[Key, int]) -> dict[Key, Sides]:
    """Where the three do not say the same."""
    found = {
        key: Sides(here.get(key), here.get(key) if key.kind == HELD else there.get(key), booked.get(key))
        for key in sorted(here.keys() | there.keys() | booked.keys())
    }
    return {key: sides for key, sides in found.items() if len({side or 0 for side in sides}) > 1}


def moved_at(gateway: str, since: datetime, until: datetime) -> set[str]:
    """What moved within a span of time, by the gateway's account or by ours."""
    lines = MovementRow.objects.filter(gateway=gateway, at__gte=since, at__lt=until).exclude(kind=MovementKind.OTHER)
    about = {reference or f"{LINE}{pk}" for pk, reference in lines.values_list("pk", "reference")}
    within = (since, until)
    payments = PaymentRow.objects.filter(gateway=gateway)
    ours: list[Iterable[uuid.UUID]] = [
        payments.filter(_in("captured_at", within)).values_list("pk", flat=True),
        payments.filter(_in("state_at", within), state__in=policies.CHARGED).values_list("pk", flat=True),
        RefundRow.objects.filter(_in("done_at", within), payment__gateway=gateway).values_list("payment_id", flat=True),
        DisputeRow.objects.filter(_in("opened_at", within) | _in("closed_at", within), gateway=gateway).values_list(
            "payment_id", flat=True
        ),
        PayoutRow.objects.filter(_in("state_at", within), gateway=gateway).values_list("pk", flat=True),
    ]
    return about.union(*({str(each) for each in found} for found in ours))


def there(gateway: str, references: Iterable[str]) -> dict[Key, int]:
    """What the gateway has."""
    asked = set(references)
    lines = MovementRow.objects.filter(gateway=gateway).exclude(kind=MovementKind.OTHER)
    sums = lines.filter(reference__in=asked - {""}).values_list("reference", "kind", "currency")
    found = {Key(*key): int(total) for *key, total in sums.annotate(total=Sum("amount_minor"))}
    alone = [int(each.removeprefix(LINE)) for each in asked if each.startswith(LINE)]
    for line in lines.filter(pk__in=alone):
        found[Key(f"{LINE}{line.pk}", line.kind, line.currency)] = line.amount_minor
    return found


def here(gateway: str, references: Iterable[str]) -> dict[Key, int]:
    """What we have."""
    ids = [ours for reference in references if (ours := parse_id(reference))]
    found: Counter[Key] = Counter()
    for about, kind, amount in (*_of_payments(gateway, ids), *_of_payouts(gateway, ids)):
        found[Key(str(about), kind, amount.currency)] += amount.amount_minor
    return dict(found)


def _of_payments(gateway: str, ids: list[uuid.UUID]) -> Iterator[tuple[uuid.UUID, str, Money]]:
    for payment in PaymentRow.objects.filter(gateway=gateway, pk__in=ids, state__in=policies.CHARGED):
        yield payment.pk, MovementKind.CHARGE, payment.charged_amount
        if payment.cost:
            yield payment.pk, MovementKind.FEE, -payment.cost
    for refund in RefundRow.objects.filter(payment__gateway=gateway, payment_id__in=ids, state=RefundState.DONE):
        yield refund.payment_id, MovementKind.REFUND, -refund.amount
    for dispute in DisputeRow.objects.filter(gateway=gateway, payment_id__in=ids):
        if dispute.state != DisputeState.WON:
            yield dispute.payment_id, MovementKind.DISPUTE, -dispute.amount
        if dispute.state == DisputeState.OPEN:
            yield dispute.payment_id, HELD, dispute.amount
        if dispute.fee:
            yield dispute.payment_id, MovementKind.FEE, -dispute.fee


def _of_payouts(gateway: str, ids: list[uuid.UUID]) -> Iterator[tuple[uuid.UUID, str, Money]]:
    for payout in PayoutRow.objects.filter(gateway=gateway, pk__in=ids):
        if payout.state in SENT:
            yield payout.pk, MovementKind.PAYOUT, -payout.amount
        if payout.state == PayoutState.ASKED:
            yield payout.pk, HELD, -payout.amount
        if payout.cost:
            yield payout.pk, MovementKind.FEE, -payout.cost


def older_than(begun: datetime, gateway: str, references: Iterable[str]) -> set[str]:
    """Of these, what was asked for before comparing began: the gateway's account of it was never fetched."""
    ids = [ours for reference in references if (ours := parse_id(reference))]
    payments = PaymentRow.objects.filter(gateway=gateway, pk__in=ids, created_at__lt=begun)
    payouts = PayoutRow.objects.filter(gateway=gateway, pk__in=ids, asked_at__lt=begun)
    return {str(pk) for rows in (payments, payouts) for pk in rows.values_list("pk", flat=True)}


def _in(field: str, within: tuple[datetime, datetime]) -> Q:
    return Q(**{f"{field}__gte": within[0], f"{field}__lt": within[1]})
