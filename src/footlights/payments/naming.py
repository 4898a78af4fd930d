"""Which payment or payout a journal is about. Reads only.

Its cause says it: with the id of a refund or a dispute in it, of the payment itself, or with the reference under which
the money was asked for. Who books under another name than that says so by `names_in_books`.
"""

import re
import uuid
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from django.db.models import Q

from footlights.kernel.ids import parse_id
from footlights.payments.adapters.gateway import MovementKind
from footlights.payments.models import DisputeRow, PaymentRow, PayoutRow, RefundRow

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Namer = Callable[[Collection[uuid.UUID]], Iterable[tuple[uuid.UUID, uuid.UUID]]]
_namers: dict[str, Namer] = {}


class Thing(NamedTuple):
    reference: str  # our id of the payment or payout
    kind: MovementKind  # of the movement that a journal about it books


def names_in_books(kind: str) -> Callable[[Namer], Namer]:
    """Register who knows under which name a payment of reference `<kind>:<id>` is booked, as `<kind>:<another id>`.

    It is given ids of both sorts, and returns pairs: the reference's, and the one in the books; of several references
    under one name the last is what a cause means that names no refund.
    """

    def register(namer: Namer) -> Namer:
        _namers[kind] = namer
        return namer

    return register


def names_of(gateway: str, references: Iterable[str]) -> set[str]:
    """With what the causes of all journals begin that are about these."""
    ids = [ours for reference in references if (ours := parse_id(reference))]
    names: set[str] = set()
    for kind, model in (("payment", PaymentRow), ("payout", PayoutRow)):
        for pk, reference in model.objects.filter(gateway=gateway, pk__in=ids).values_list("pk", "reference"):
            names |= {f"{kind}:{pk}", reference}
    disputes = DisputeRow.objects.filter(gateway=gateway, payment_id__in=ids).values_list("pk", flat=True)
    return names | {f"dispute:{pk}" for pk in disputes} | set(_other_names(names).values())


def things_of(gateway: str, causes: Collection[str]) -> dict[str, Thing]:
    """What each is about; one that is about nothing of this gateway is not there."""
    ids = {uuid.UUID(found) for cause in causes for found in ID.findall(cause)}
    names = {_name(cause) for cause in causes}
    others = _other_names(names)
    asked = Q(pk__in=ids) | Q(reference__in=names | set(others.values()))
    known: dict[str, Thing] = {}
    for kind, model in ((MovementKind.CHARGE, PaymentRow), (MovementKind.PAYOUT, PayoutRow)):
        for pk, reference in model.objects.filter(asked, gateway=gateway).values_list("pk", "reference"):
            known[str(pk)] = known[reference] = Thing(str(pk), kind)
    known |= {name: known[other] for name, other in others.items() if other in known and name not in known}
    for pk, payment_id in RefundRow.objects.filter(pk__in=ids, payment__gateway=gateway).values_list(
        "pk", "payment_id"
    ):
        known[str(pk)] = Thing(str(payment_id), MovementKind.REFUND)
    for pk, payment_id in DisputeRow.objects.filter(pk__in=ids, gateway=gateway).values_list("pk", "payment_id"):
        known[str(pk)] = Thing(str(payment_id), MovementKind.DISPUTE)
    words = ((cause, word) for cause in causes for word in (_name(cause), *ID.findall(cause)))
    return {cause: known[word] for cause, word in words if word in known}  # the last word says it most closely


def _name(cause: str) -> str:
    return ":".join(cause.split(":", 2)[:2])


def _other_names(names: Collection[str]) -> dict[str, str]:
    """The name in the books by the reference, and the other way round."""
    found: dict[str, str] = {}
    for kind, namer in _namers.items():
        ids = [ours for name in names if name.startswith(f"{kind}:") and (ours := parse_id(name.partition(":")[2]))]
        for reference, booked in namer(ids) if ids else ():
            found |= {f"{kind}:{reference}": f"{kind}:{booked}", f"{kind}:{booked}": f"{kind}:{reference}"}
    return found
