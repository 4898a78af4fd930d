"""The pass and what it brings: bounded reads."""

import uuid
from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet, Sum

from footlights.kernel.money import Money
from footlights.prices.api import AT_HOME, Buyer
from footlights.subscriptions.models import (
    IS_OFFERED,
    PassMoneyRow,
    PassMonthRow,
    PassShareRow,
    PlanRow,
    SubscriptionRow,
)
from footlights.subscriptions.models.subscriptions import IS_LIVING
from footlights.subscriptions.queries import get_plan
from footlights.subscriptions.records import PassEarning, PassMonth, Plan, State

MONTHS_MAX = 120
TITLES_MAX = 200


def find_pass(buyer: Buyer = AT_HOME) -> Plan | None:
    """The pass as this buyer is asked for it; None while none is offered."""
    row = PlanRow.objects.filter(IS_OFFERED, is_pass=True).first()
    return get_plan(row.pk, buyer) if row else None


def has_pass(viewer_id: uuid.UUID) -> bool:
    """Whether they have begun one that has not ended."""
    rows = SubscriptionRow.objects.filter(IS_LIVING, subscriber_id=viewer_id, plan__is_pass=True)
    return rows.exclude(state=State.PENDING).exists()


def count_passes() -> int:
    """How many have it."""
    return SubscriptionRow.objects.filter(IS_LIVING, plan__is_pass=True).exclude(state=State.PENDING).count()


def list_pass_months(limit: int = 12) -> list[PassMonth]:
    """The months that were shared, the newest first, in each currency."""
    rows = PassMonthRow.objects.order_by("-month", "currency")
    return [row.to_record() for row in rows[: min(limit, MONTHS_MAX)]]


def pass_earnings(channel_id: uuid.UUID, limit: int = 12) -> list[PassEarning]:
    """What a channel got of each month, the newest first, before it divides that with others."""
    return _earnings(
        PassShareRow.objects.filter(channel_id=channel_id), "channel_id", ("-of__month", "of__currency"), limit
    )


def pass_earnings_by_title(channel_id: uuid.UUID, month: date) -> list[PassEarning]:
    """The channel's titles in one month, the longest watched first; at most 200."""
    rows = PassShareRow.objects.filter(channel_id=channel_id, of__month=month)
    return _earnings(rows, "title_id", ("-seconds_sum", "title_id"), TITLES_MAX)


def waiting_to_be_shared() -> list[Money]:
    """What was earned of the pass and is not shared yet, in each currency."""
    open_money = PassMoneyRow.objects.filter(shared_in=None).values_list("invoice__currency")
    sums = {currency: int(total) for currency, total in open_money.annotate(total=Sum("amount_minor"))}
    newest = PassMonthRow.objects.order_by("plan", "currency", "-month").distinct("plan", "currency")
    for row in newest:
        sums[row.currency] = sums.get(row.currency, 0) + row.carried_minor
    return [Money(minor, currency) for currency, minor in sorted(sums.items()) if minor]


def _earnings(rows: QuerySet[PassShareRow], of_what: str, order: Sequence[str], limit: int) -> list[PassEarning]:
    found = (
        rows.values_list("of__month", of_what, "of__currency")
        .annotate(minor=Sum("amount_minor"), seconds_sum=Sum("seconds"))
        .filter(~Q(minor=0) | Q(seconds_sum__gt=0))
        .order_by(*order)
    )
    return [
        PassEarning(month, of, Money(int(minor), currency), int(seconds))
        for month, of, currency, minor, seconds in found[:limit]
    ]
