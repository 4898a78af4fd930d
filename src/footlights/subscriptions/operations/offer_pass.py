"""What the house sells to watch all channels that take part."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from footlights.accounts.api import get_installation
from footlights.catalog.api import open_channel
from footlights.kernel.errors import InvalidInputError
from footlights.subscriptions.models import PlanRow
from footlights.subscriptions.operations.offer_plan import withdraw, write_plan
from footlights.subscriptions.policies.pricing import check_terms
from footlights.subscriptions.records import NewTerms, Plan
from footlights.terms.api import SaleKind, check_price

HANDLES = ("pass", "the-pass", "house-pass", "our-pass")
TIER = 1


def offer_pass(*, editor_id: uuid.UUID, name: str, words: str, terms: Sequence[NewTerms], at: datetime) -> Plan:
    """Offer the pass, or change it as a plan is changed: whoever has it keeps their price.

    The house sells it by a channel of its own, opened for `editor_id` the first time. Whether they may decide is the
    caller's to ask. Safe to repeat. Raises InvalidInputError.
    """
    check_terms(tier=TIER, name=name, terms=terms)
    for each in terms:
        check_price(SaleKind.PASS, each.price, at)
    channel_id = _house() or _open_house(editor_id, at)
    return write_plan(
        channel_id=channel_id, editor_id=editor_id, tier=TIER, name=name, words=words, terms=terms, is_pass=True, at=at
    )


def withdraw_pass(*, at: datetime) -> None:
    """Nobody joins it any more; who has it keeps it. Safe to repeat. Who may is the caller's to ask."""
    for plan in PlanRow.objects.filter(is_pass=True, withdrawn_at=None):
        withdraw(plan, at)


def _house() -> uuid.UUID | None:
    return PlanRow.objects.filter(is_pass=True).order_by("pk").values_list("channel_id", flat=True).first()


def _open_house(owner_id: uuid.UUID, at: datetime) -> uuid.UUID:
    name = get_installation().name
    for handle in HANDLES:
        try:
            return open_channel(owner_id=owner_id, handle=handle, name=name, at=at).id
        except InvalidInputError:
            continue
    raise InvalidInputError(_("No channel could be opened to sell it by. Have you as many as one person may?"))
