"""Share what was paid for the pass in a month among those whose titles were watched."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import cast

from django.db import transaction
from django.db.models import QuerySet, Sum

from footlights.audit.api import Act, record
from footlights.catalog.api import list_titles
from footlights.kernel.money import Money
from footlights.ledger.api import Posting, post_journal
from footlights.monetization.api import InPass, list_in_pass, month_after
from footlights.splits.api import SubjectKind, divide, shares_of
from footlights.subscriptions.causes import pass_cause
from footlights.subscriptions.models import PassMoneyRow, PassMonthRow, PassShareRow, PlanRow
from footlights.subscriptions.operations.earn import earn_due
from footlights.subscriptions.operations.pass_money import pool_of
from footlights.subscriptions.policies.earning import PLATFORM
from footlights.subscriptions.policies.sharing import FEE, Shared, share
from footlights.subscriptions.records import PassMonth
from footlights.subscriptions.watch_time import watched_by
from footlights.terms.api import PassSharing, SaleKind, fee_bps, pass_sharing

SETTLED_AFTER = timedelta(days=1)  # then each day that began in the month is over, and players have told
MONTHS_MAX = 24
VIEWERS_AT_ONCE = 500
TITLES_AT_ONCE = 500
Seconds = dict[uuid.UUID, dict[uuid.UUID, int]]  # of each title, by who watched it
Channels = dict[uuid.UUID, uuid.UUID]  # of titles


@dataclass(frozen=True, slots=True)
class _Month:
    plan: PlanRow
    month: date
    currency: str
    at: datetime

    @property
    def over_on(self) -> date:
        return month_after(self.month)

    @property
    def over_at(self) -> datetime:
        return datetime.combine(self.over_on, time.min, UTC)


def share_due(*, at: datetime) -> int:
    """Share every month that is over and was not shared; returns how many were. A job calls it each day.

    Call outside a transaction. Safe to repeat and to run many times at once: a month is shared once.
    """
    earn_due(at=at)
    last = (at - SETTLED_AFTER).astimezone(UTC).date().replace(day=1)
    count = 0
    for plan in PlanRow.objects.filter(is_pass=True).order_by("pk"):
        money = PassMoneyRow.objects.filter(shared_in=None, invoice__terms__plan=plan)
        currencies = sorted(set(money.values_list("invoice__currency", flat=True)) | _carrying(plan))
        open_months = set(money.values_list("month", flat=True)) | {(last - timedelta(days=1)).replace(day=1)}
        for month in sorted(month for month in open_months if month < last)[:MONTHS_MAX]:
            for currency in currencies:
                count += share_month(plan_id=plan.pk, month=month, currency=currency, at=at) is not None
    return count


def share_month(*, plan_id: uuid.UUID, month: date, currency: str, at: datetime) -> PassMonth | None:
    """One journal, and who got what, in one transaction; None when it was shared before or there is nothing to share.

    Money that was booked late, for a month that was shared already, goes with the next. Locks the plan, so that sharing
    goes one after the other.
    """
    with transaction.atomic():
        plan = PlanRow.objects.select_for_update(no_key=True).get(pk=plan_id)
        of = _Month(plan, month, currency, at)
        shared_before = PassMonthRow.objects.filter(plan=plan, currency=currency).order_by("-month").first()
        if shared_before is not None and shared_before.month >= month:
            return None
        rows = list(_open_money(of))
        brought = shared_before.carried_minor if shared_before else 0
        if not rows and not brought:
            return None
        return _share(of, rows, brought)


def _carrying(plan: PlanRow) -> set[str]:
    return set(PassMonthRow.objects.filter(plan=plan).exclude(carried_minor=0).values_list("currency", flat=True))


def _open_money(of: _Month) -> QuerySet[PassMoneyRow]:
    rows = PassMoneyRow.objects.filter(
        shared_in=None, month__lte=of.month, invoice__terms__plan=of.plan, invoice__currency=of.currency
    )
    return rows.select_related("invoice__subscription").order_by("pk").select_for_update(no_key=True, of=("self",))


def _share(of: _Month, rows: Sequence[PassMoneyRow], brought: int) -> PassMonth:
    money: dict[uuid.UUID, int] = defaultdict(int)
    for row in rows:
        money[row.invoice.subscription.subscriber_id] += row.amount_minor
    watched, channels = _watched(of, sorted(money))
    by_subscriber = pass_sharing(of.over_at) is PassSharing.BY_SUBSCRIBER
    bps = fee_bps(SaleKind.PASS, None, of.over_at)
    shared = share(
        money,
        watched,
        brought=brought,
        earlier=_earlier(of, [whose for whose, minor in money.items() if minor < 0]),
        fee_bps=bps,
        by_subscriber=by_subscriber,
        currency=of.currency,
    )
    sums = shared.of_title()
    month = PassMonthRow.objects.create(
        plan=of.plan,
        month=of.month,
        currency=of.currency,
        brought_minor=brought,
        money_minor=sum(money.values()),
        fee_minor=sums.get(FEE, 0),
        shared_minor=sum(minor for title, minor in sums.items() if title is not FEE),
        carried_minor=shared.carried,
        by_subscriber=by_subscriber,
        fee_bps=bps,
        seconds=sum(sum(own.values()) for own in watched.values()),
        shared_at=of.at,
    )
    PassMoneyRow.objects.filter(pk__in=[row.pk for row in rows]).update(shared_in=month)
    channels |= _channels_of_earlier([title for title in sums if title is not FEE and title not in channels])
    PassShareRow.objects.bulk_create(_rows(month, shared, watched, channels), batch_size=2_000)
    _book(of, sums, channels)
    record(
        act=Act.PASS_SHARED,
        object_kind="plan",
        object_id=of.plan.pk,
        after={"month": of.month.isoformat(), "currency": of.currency, "shared": month.shared_minor},
    )
    return month.to_record()


def _watched(of: _Month, viewers: Sequence[uuid.UUID]) -> tuple[Seconds, Channels]:
    """Seconds by viewer and title, of channels in the pass on the day; and each title's channel."""
    taking_part: dict[uuid.UUID | None, list[InPass]] = defaultdict(list)
    for part in list_in_pass(of.month, of.over_on):
        taking_part[part.channel_id].append(part)
    seconds: Seconds = {}
    channels: Channels = {}
    for start in range(0, len(viewers), VIEWERS_AT_ONCE):
        found = list(watched_by(viewers[start : start + VIEWERS_AT_ONCE], of.month, of.over_on))
        channels |= _channels_of({each.title_id for each in found} - channels.keys())
        for each in found:
            parts = taking_part.get(channels.get(each.title_id), [])  # no channel: the title was deleted
            if each.seconds > 0 and any(part.holds_on(each.day) for part in parts):
                own = seconds.setdefault(each.viewer_id, {})
                own[each.title_id] = own.get(each.title_id, 0) + each.seconds
    return seconds, channels


def _channels_of(title_ids: set[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    wanted = sorted(title_ids)
    found: Channels = {}
    for start in range(0, len(wanted), TITLES_AT_ONCE):
        found |= {key: title.channel_id for key, title in list_titles(wanted[start : start + TITLES_AT_ONCE]).items()}
    return found


def _channels_of_earlier(title_ids: Sequence[uuid.UUID]) -> Channels:
    """Of titles that give back: they may be gone, and whose they were stands with what they got."""
    rows = PassShareRow.objects.filter(title_id__in=title_ids).values_list("title_id", "channel_id")
    return {title: channel for title, channel in rows.distinct() if title and channel}


def _earlier(of: _Month, viewers: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[uuid.UUID | None, int]]:
    """What each title, and the platform, got of somebody's money in earlier months, less what was taken back."""
    rows = PassShareRow.objects.filter(of__plan=of.plan, of__currency=of.currency, subscriber_id__in=viewers)
    found: dict[uuid.UUID, dict[uuid.UUID | None, int]] = defaultdict(dict)
    for viewer, title, minor in rows.values_list("subscriber_id", "title_id").annotate(total=Sum("amount_minor")):
        found[cast("uuid.UUID", viewer)][title] = int(minor)
    return found


def _rows(month: PassMonthRow, shared: Shared, watched: Seconds, channels: Channels) -> list[PassShareRow]:
    """Also of who got nothing for their minutes, so that minutes add up."""
    seconds: dict[tuple[uuid.UUID | None, uuid.UUID | None], int] = defaultdict(int)
    for viewer, own in watched.items():
        for title, lasted in own.items():
            seconds[viewer if month.by_subscriber else None, title] += lasted
    return [
        PassShareRow(
            of=month,
            subscriber_id=whose,
            title_id=title,
            channel_id=channels[title] if title else None,
            amount_minor=shared.parts.get((whose, title), 0),
            seconds=seconds.get((whose, title), 0),
        )
        for whose, title in sorted({*shared.parts, *seconds}, key=str)
    ]


def _book(of: _Month, sums: Mapping[uuid.UUID | None, int], channels: Channels) -> None:
    """Each title's part is divided as its channel and those who share in it agreed."""
    accounts: dict[str, int] = defaultdict(int)
    for title, minor in sums.items():
        if title is None:
            accounts[PLATFORM] -= minor
            continue
        shares = shares_of(SubjectKind.TITLE, title, of.over_at) or ((f"creator:{channels[title]}", 10_000),)
        sign = 1 if minor > 0 else -1
        for account, part in divide(Money(abs(minor), of.currency), shares):
            accounts[account] -= sign * part.amount_minor
    accounts[pool_of(of.plan.pk)] += sum(sums.values())
    postings = [Posting(name, Money(minor, of.currency)) for name, minor in sorted(accounts.items()) if minor]
    if not postings:
        return  # what was paid had gone back
    post_journal(
        cause=pass_cause(of.plan.pk, of.month, of.currency),
        postings=postings,
        at=of.at,
        memo=f"The pass, {of.month:%Y-%m}",
        about=f"plan:{of.plan.pk}",
    )
