"""What a channel offers its members."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from footlights.accounts.api import Permission
from footlights.audit.api import Act, record
from footlights.catalog.api import may
from footlights.kernel.errors import NotFoundError
from footlights.subscriptions.models import IS_OFFERED, PlanRow, TermsRow
from footlights.subscriptions.operations.local_terms import price_abroad
from footlights.subscriptions.policies.pricing import check_terms
from footlights.subscriptions.records import NewTerms, Plan, Terms
from footlights.terms.api import SaleKind, check_price


def offer_plan(
    *,
    channel_id: uuid.UUID,
    editor_id: uuid.UUID,
    tier: int,
    name: str,
    words: str,
    terms: Sequence[NewTerms],
    at: datetime,
) -> Plan:
    """Offer a tier, or change it: its name and words for everybody, its prices for who comes from now on.

    Prices that stay as they are stay the same terms; others are new ones, and whoever has the old keeps them. Safe to
    repeat. Locks the plan. Raises InvalidInputError, and NotFoundError to whoever may not set the channel's prices.
    """
    _require(channel_id, editor_id)
    check_terms(tier=tier, name=name, terms=terms)
    for each in terms:
        check_price(SaleKind.SUBSCRIPTION, each.price, at)
    return write_plan(channel_id=channel_id, editor_id=editor_id, tier=tier, name=name, words=words, terms=terms, at=at)


def write_plan(
    *,
    channel_id: uuid.UUID,
    editor_id: uuid.UUID,
    tier: int,
    name: str,
    words: str,
    terms: Sequence[NewTerms],
    at: datetime,
    is_pass: bool = False,
) -> Plan:
    """What `offer_plan` does once it has asked whether that may be."""
    with transaction.atomic():
        known = {"name": name.strip(), "words": words.strip()}
        plan, is_new = PlanRow.objects.select_for_update(no_key=True).get_or_create(
            channel_id=channel_id,
            tier=tier,
            withdrawn_at=None,
            defaults={**known, "is_pass": is_pass, "created_by": editor_id, "created_at": at},
        )
        if not is_new:
            plan.name, plan.words = known["name"], known["words"]
            plan.save(update_fields=["name", "words"])
        if _replace(plan, terms, editor_id, at) or is_new:
            _tell(plan)
        return PlanRow.objects.prefetch_related("terms").get(pk=plan.pk).to_record()


def withdraw_plan(*, plan_id: uuid.UUID, editor_id: uuid.UUID, at: datetime) -> None:
    """Nobody joins it any more; who has it keeps it. Safe to repeat. Raises NotFoundError."""
    plan = PlanRow.objects.filter(pk=plan_id).first()
    if plan is None:
        raise NotFoundError("There is no such plan.")
    _require(plan.channel_id, editor_id)
    withdraw(plan, at)


def withdraw(plan: PlanRow, at: datetime) -> None:
    """What `withdraw_plan` does once it has asked whether that may be."""
    with transaction.atomic():
        withdrawn = PlanRow.objects.filter(IS_OFFERED, pk=plan.pk).update(withdrawn_at=at)
        TermsRow.objects.filter(IS_OFFERED, plan=plan).update(withdrawn_at=at)
        if withdrawn:
            _tell(plan)


def _require(channel_id: uuid.UUID, editor_id: uuid.UUID) -> None:
    if not may(editor_id, Permission.SET_PRICES, channel_id):
        raise NotFoundError("There is no such channel.")


def _replace(plan: PlanRow, wanted: Sequence[NewTerms], editor_id: uuid.UUID, at: datetime) -> bool:
    current = {_key(row.to_record()): row for row in plan.terms.filter(IS_OFFERED, local_of=None)}
    asked = {_key(each): each for each in wanted}
    for key, row in current.items():
        if key not in asked:
            row.withdrawn_at = at
            row.save(update_fields=["withdrawn_at"])
    for key, each in asked.items():
        if key not in current:
            row = TermsRow.objects.create(
                plan=plan,
                interval=each.interval,
                amount_minor=each.price.amount_minor,
                currency=each.price.currency,
                trial_days=each.trial_days,
                intro_amount_minor=each.intro_price.amount_minor if each.intro_price else None,
                intro_periods=each.intro_periods,
                created_by=editor_id,
                created_at=at,
            )
            replaced = [old for old in current.values() if old.withdrawn_at and old.interval == row.interval]
            before = replaced[0] if replaced else None
            price_abroad(plan, row, before=before, by_id=editor_id, at=at)
    return current.keys() != asked.keys()


def _key(each: NewTerms | Terms) -> tuple[object, ...]:
    return each.interval, each.price, each.trial_days, each.intro_price, each.intro_periods


def _tell(plan: PlanRow) -> None:
    offered = plan.terms.filter(IS_OFFERED, local_of=None)
    prices = sorted(f"{row.interval} {row.price.decimal} {row.currency}" for row in offered)
    record(
        act=Act.PLAN_CHANGED,
        object_kind="plan",
        object_id=plan.pk,
        channel_id=plan.channel_id,
        after={"name": plan.name, "offers": prices},
    )
