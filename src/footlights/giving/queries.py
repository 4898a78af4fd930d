"""What was given, and what may be. Bounded reads."""

import uuid
from datetime import datetime

from django.db.models import Count, F, Q, Sum, UUIDField, Value

from footlights.accounts.api import get_installation
from footlights.giving import policies
from footlights.giving.causes import paid_cause, redeemed_cause, refund_cause, undone_cause
from footlights.giving.models import IS_WAITING, KINDS, GiftRow, OriginRow, ReturnRow, TipJarRow, TipRow
from footlights.giving.policies import BURST_WITHIN
from footlights.giving.records import (
    Burst,
    Gift,
    GiftTotals,
    PaidGiving,
    ReceivedTip,
    SoldGift,
    State,
    Tip,
    TipJar,
    TipLimits,
    TipTotals,
    TitleGiven,
    Whose,
)
from footlights.kernel.codes import normal_code
from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.prices.api import currencies_sold_in
from footlights.terms.api import SaleKind, price_limits, refund_terms

LIMIT_MAX = 500
GIVEN = (State.PAID, State.REFUNDED)
LEFT = F("amount_minor") - F("refunded_minor")
NOT_THE_CHANNELS = (  # what of an amount others have
    F("tax_minor") + F("fee_minor") + F("shared_minor")
    - F("refunded_tax_minor") - F("refunded_fee_minor") - F("refunded_shared_minor")
)  # fmt: skip


def tip_jar(channel_id: uuid.UUID) -> TipJar:
    """Whether the channel takes tips; closed until it says so."""
    row = TipJarRow.objects.filter(pk=channel_id).first()
    return row.to_record() if row else TipJar()


def tip_currency(wanted: str) -> str:
    """What a tip is given in: what its giver wants where anything is sold in it, else the service's own currency."""
    home = get_installation().currency
    return wanted if wanted in currencies_sold_in() else home


def tip_limits(currency: str, at: datetime) -> TipLimits:
    """What a tip may be, by the platform's terms, and what is suggested."""
    return policies.tip_limits(price_limits(SaleKind.TIP, currency, at), currency)


def find_bursts(reference: str) -> list[Burst]:
    """What was given around that tip or gift by the same account, from the same block of addresses or to the same.

    None of them where it is nothing to wonder at.
    """
    kind, _colon, identifier = reference.partition(":")
    row = KINDS[kind].objects.get(pk=identifier)
    hour = (row.created_at - BURST_WITHIN, row.created_at + BURST_WITHIN)
    own = OriginRow.objects.filter(pk=reference).first()
    near = OriginRow.objects.filter(block=own.block, at__range=hour)[:LIMIT_MAX] if own else []
    ids = [each.reference.partition(":")[2] for each in near]
    asked = {
        Whose.ACCOUNT: Q(giver_id=row.giver_id),
        Whose.NETWORK: Q(pk__in=ids),
        Whose.RECEIVER: Q(channel_id=row.channel_id),
    }
    found = [_burst(whose, row.giver_id, around & Q(created_at__range=hour)) for whose, around in asked.items()]
    return [burst for burst in found if burst]


def _burst(whose: Whose, giver_id: uuid.UUID, around: Q) -> Burst | None:
    rows = [each for model in KINDS.values() for each in model.objects.filter(around)[:LIMIT_MAX]]
    paid = tuple(each.reference for each in rows if each.state in GIVEN)
    declined = sum(each.state == State.DECLINED for each in rows)
    is_one = policies.is_burst(paid=len(paid), declined=declined, whose=whose)
    return Burst(whose, giver_id, paid, declined) if is_one else None


def get_tip(tip_id: uuid.UUID, giver_id: uuid.UUID) -> Tip:
    """A tip of this giver; anybody else's does not exist. Raises NotFoundError."""
    row = TipRow.objects.filter(pk=tip_id, giver_id=giver_id).first()
    if row is None:
        raise NotFoundError("There is no such tip.")
    return row.to_record()


def was_tip_returned(tip_id: uuid.UUID) -> bool:
    """Whether all of its money went back."""
    return TipRow.objects.filter(pk=tip_id, state=State.REFUNDED).exists()


def why_tip_not_returned(tip: Tip, at: datetime) -> str:
    """Why its giver cannot take it back by themselves now; nothing when they can."""
    return policies.why_tip_not_returned(state=tip.state, paid_at=tip.paid_at, terms=refund_terms(at), at=at)


def list_received_tips(channel_id: uuid.UUID, limit: int = 50, offset: int = 0) -> list[ReceivedTip]:
    """The newest first, those that went back included."""
    rows = TipRow.objects.filter(channel_id=channel_id, paid_at__isnull=False, state__in=GIVEN)
    return [row.to_received() for row in rows.order_by("-paid_at", "-id")[offset : offset + min(limit, LIMIT_MAX)]]


def get_received_tip(*, channel_id: uuid.UUID, tip_id: uuid.UUID) -> ReceivedTip:
    """One tip of this channel. Raises NotFoundError, also for one that was not paid."""
    rows = TipRow.objects.filter(pk=tip_id, channel_id=channel_id, paid_at__isnull=False, state__in=GIVEN)
    row = rows.first()
    if row is None:
        raise NotFoundError("There is no such tip.")
    return row.to_received()


def tip_totals(channel_id: uuid.UUID) -> list[TipTotals]:
    """One line for each currency."""
    rows = TipRow.objects.filter(channel_id=channel_id, paid_at__isnull=False, state__in=GIVEN)
    left = F("amount_minor") - F("refunded_minor")
    kept = F("fee_minor") - F("refunded_fee_minor") + F("shared_minor") - F("refunded_shared_minor")
    sums = rows.values("currency").annotate(count=Count("id"), given=Sum(left), kept=Sum(kept)).order_by("currency")
    return [
        TipTotals(
            count=each["count"],
            given=Money(int(each["given"]), each["currency"]),
            net=Money(int(each["given"] - each["kept"]), each["currency"]),
        )
        for each in sums
    ]


def given_by_title(channel_id: uuid.UUID, currency: str) -> list[TitleGiven]:
    """What was earned by tips and opened gifts and did not go back whole, the most first. Two queries."""
    nothing = Value(None, UUIDField())
    gifts = GiftRow.objects.values_list("title_id", "collection_id", "broadcast_id")
    tips = TipRow.objects.values_list("title_id", nothing, nothing)
    earned = Q(channel_id=channel_id, currency=currency, state=State.PAID, fee_minor__isnull=False)
    found: dict[tuple[uuid.UUID | None, uuid.UUID | None, uuid.UUID | None], list[int]] = {}
    for place, rows in enumerate((gifts, tips)):
        sums = rows.filter(earned).annotate(count=Count("id"), gross=Sum(LEFT), kept=Sum(NOT_THE_CHANNELS))
        for *ids, count, gross, kept in sums.order_by(F("gross").desc(), "title_id")[:LIMIT_MAX]:
            line = found.setdefault((ids[0], ids[1], ids[2]), [0, 0, 0, 0])
            line[place] += count
            line[2] += int(gross)
            line[3] += int(gross - kept)
    lines = [
        TitleGiven(title, collection, broadcast, opened, tipped, Money(gross, currency), Money(net, currency))
        for (title, collection, broadcast), (opened, tipped, gross, net) in found.items()
    ]
    return sorted(lines, key=lambda line: -line.gross.amount_minor)


# Gifts.


def get_gift(gift_id: uuid.UUID, giver_id: uuid.UUID) -> Gift:
    """A gift of this giver; anybody else's does not exist. Raises NotFoundError."""
    row = GiftRow.objects.filter(pk=gift_id, giver_id=giver_id).first()
    if row is None:
        raise NotFoundError("There is no such gift.")
    return row.to_record()


def find_gift(gift_id: uuid.UUID) -> Gift | None:
    """Anybody's gift: for the mails it is told in."""
    row = GiftRow.objects.filter(pk=gift_id).first()
    return row.to_record() if row else None


def get_gift_by_code(code: str) -> Gift:
    """For whoever holds its code. Raises NotFoundError, also for one that was never paid."""
    row = GiftRow.objects.filter(code=normal_code(code), paid_at__isnull=False).first()
    if row is None:
        raise NotFoundError("There is no such gift.")
    return row.to_record()


def explain_giving(payment_id: uuid.UUID) -> PaidGiving | None:
    """What that payment paid, and under which names it is in the books; None for one of something else."""
    tip, gift = (model.objects.filter(payment_id=payment_id).first() for model in (TipRow, GiftRow))
    row = tip or gift
    if row is None:
        return None
    names = [paid_cause(row.reference), redeemed_cause(row.reference)]
    for refund_id in (
        ReturnRow.objects.filter(reference=row.reference).order_by("at").values_list("refund_id", flat=True)
    ):
        names += [refund_cause(row.reference, refund_id), undone_cause(row.reference, refund_id)]
    return PaidGiving(row.to_record(), tuple(names))


def list_gifts(giver_id: uuid.UUID, limit: int = 50, offset: int = 0) -> list[Gift]:
    """What they gave, the newest first; without what was never paid."""
    rows = GiftRow.objects.filter(giver_id=giver_id, paid_at__isnull=False).order_by("-created_at", "-id")
    return [row.to_record() for row in rows[offset : offset + min(limit, LIMIT_MAX)]]


def why_gift_not_returned(gift: Gift, at: datetime) -> str:
    """Why its giver cannot have the money back by themselves now; nothing when they can."""
    return policies.why_gift_not_returned(gift, terms=refund_terms(at), at=at)


def list_sold_gifts(channel_id: uuid.UUID, limit: int = 50, offset: int = 0) -> list[SoldGift]:
    """The newest first, those that went back included."""
    rows = GiftRow.objects.filter(channel_id=channel_id, paid_at__isnull=False, state__in=GIVEN)
    return [row.to_sold() for row in rows.order_by("-paid_at", "-id")[offset : offset + min(limit, LIMIT_MAX)]]


def get_sold_gift(*, channel_id: uuid.UUID, gift_id: uuid.UUID) -> SoldGift:
    """One gift of this channel. Raises NotFoundError, also for one that was not paid."""
    row = GiftRow.objects.filter(pk=gift_id, channel_id=channel_id, paid_at__isnull=False, state__in=GIVEN).first()
    if row is None:
        raise NotFoundError("There is no such gift.")
    return row.to_sold()


def gift_totals(channel_id: uuid.UUID, *, broadcast_id: uuid.UUID | None = None) -> list[GiftTotals]:
    """One line for each currency: what waits to be opened, and what was earned of the others.

    With `broadcast_id`, of tickets to that broadcast alone.
    """
    rows = GiftRow.objects.filter(channel_id=channel_id, state=State.PAID)
    if broadcast_id is not None:
        rows = rows.filter(broadcast_id=broadcast_id)
    is_waiting, is_opened = IS_WAITING, Q(redeemed_at__isnull=False)
    left = F("amount_minor") - F("refunded_minor")
    kept = F("tax_minor") - F("refunded_tax_minor") + F("fee_minor") - F("refunded_fee_minor")
    kept += F("shared_minor") - F("refunded_shared_minor")
    sums = rows.values("currency").annotate(
        waiting=Count("id", filter=is_waiting),
        opened=Count("id", filter=is_opened),
        earned=Sum(left - kept, filter=is_opened, default=0),
    )
    return [
        GiftTotals(waiting=each["waiting"], opened=each["opened"], net=Money(int(each["earned"]), each["currency"]))
        for each in sums.order_by("currency")
    ]
