"""A plan's terms in other currencies: what their creator agreed to, and the terms somebody who joins abroad has."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.accounts.api import Permission
from footlights.audit.api import Act, record
from footlights.catalog.api import may
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.prices.api import Asked, Buyer, LocalPrice, agree_prices, list_proposals, price_for
from footlights.subscriptions.models import IS_OFFERED, PlanRow, TermsRow
from footlights.subscriptions.policies.local import asked_at_home, subject_of
from footlights.terms.api import SaleKind, check_price


def terms_for(home: TermsRow, buyer: Buyer) -> TermsRow:
    """The terms this buyer agrees to: the plan's own, or the same at the local price, written when first needed.

    They never change, as all terms: whoever has them keeps their currency and price, whatever is agreed to later.
    """
    asked = price_for(subject_of(home.pk), asked_at_home(home.to_record()), buyer)
    if asked == asked_at_home(home.to_record()):
        return home
    row, _is_new = TermsRow.objects.get_or_create(
        local_of=home,
        currency=asked.price.currency,
        amount_minor=asked.price.amount_minor,
        intro_amount_minor=asked.lesser.amount_minor if asked.lesser else None,
        defaults={
            "plan": home.plan,
            "interval": home.interval,
            "trial_days": home.trial_days,
            "intro_periods": home.intro_periods,
            "created_by": home.created_by,
            "created_at": home.created_at,
        },
    )
    return row


def price_abroad(plan: PlanRow, row: TermsRow, *, before: TermsRow | None, by_id: uuid.UUID, at: datetime) -> None:
    """Keep a price in each market of the channel: in proportion to those of `before`, else at the newest rates."""
    home = asked_at_home(row.to_record())
    was = (subject_of(before.pk), asked_at_home(before.to_record())) if before else None
    proposals = list_proposals(channel_id=plan.channel_id, home=home, on=at.date(), before=was)
    if proposals:
        allowed = [each for each in proposals if _is_allowed(each.asked, at)]
        agree_prices(channel_id=plan.channel_id, prices={subject_of(row.pk): allowed}, by_id=by_id, at=at)


def agree_abroad(
    *, channel_id: uuid.UUID, editor_id: uuid.UUID, prices: Mapping[uuid.UUID, Sequence[LocalPrice]], at: datetime
) -> None:
    """From now on who joins abroad by these terms pays exactly that; who is a member keeps what they have.

    All or none. Safe to repeat. Raises InvalidInputError, and NotFoundError for terms that are not the channel's.
    """
    if not may(editor_id, Permission.SET_PRICES, channel_id):
        raise NotFoundError("There is no such channel.")
    with transaction.atomic():
        found = TermsRow.objects.filter(IS_OFFERED, pk__in=prices, local_of=None, plan__channel_id=channel_id)
        rows = {row.pk: row for row in found}
        if rows.keys() != prices.keys():
            raise NotFoundError(_("This price was changed in the meantime. Load the page again."))
        for each in (each for wanted in prices.values() for each in wanted):
            if not each.asked.price:
                raise InvalidInputError(_("A price must be above zero."), field="price")
            check_price(SaleKind.SUBSCRIPTION, each.asked.price, at)
        by_subject = {subject_of(pk): wanted for pk, wanted in prices.items()}
        agree_prices(channel_id=channel_id, prices=by_subject, by_id=editor_id, at=at)
        for pk, wanted in prices.items():
            words = sorted(f"{each.asked.price.decimal} {each.currency} {each.country}".strip() for each in wanted)
            record(
                act=Act.PLAN_CHANGED,
                object_kind="plan",
                object_id=rows[pk].plan_id,
                channel_id=channel_id,
                after={"abroad": words},
            )


def _is_allowed(asked: Asked, at: datetime) -> bool:
    try:
        check_price(SaleKind.SUBSCRIPTION, asked.price, at)
    except InvalidInputError:
        return False
    return True
