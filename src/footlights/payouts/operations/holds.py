"""Keep a part of what was earned in the house, and let it go again."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.accounts.api import Permission, find_person, permissions_of
from footlights.audit.api import Act
from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.payouts.errors import OwnPayoutError
from footlights.payouts.models import IS_KEPT, HoldRow
from footlights.payouts.operations.payee import is_of
from footlights.payouts.operations.telling import tell, words_of

REASON_LENGTH_MAX = 300


@transaction.atomic
def place_hold(
    *, cause: str, account: str, amount: Money, reason: str, at: datetime, placed_by: uuid.UUID | None = None
) -> None:
    """Once for each `cause`, however often it is called; a hold that was released stays released."""
    row, is_new = HoldRow.objects.get_or_create(
        cause=cause,
        defaults={
            "account": account,
            "amount_minor": amount.amount_minor,
            "currency": amount.currency,
            "reason": reason[:REASON_LENGTH_MAX],
            "placed_by": placed_by,
            "placed_at": at,
        },
    )
    if is_new:
        tell(Act.PAYOUT_HELD, row, **words_of(row))


@transaction.atomic
def release_hold(*, cause: str, at: datetime) -> None:
    """Safe to repeat; nothing happens when there is no such hold."""
    for row in HoldRow.objects.filter(IS_KEPT, cause=cause).select_for_update(no_key=True):
        row.released_at = at
        row.save(update_fields=["released_at"])
        tell(Act.PAYOUT_HOLD_ENDED, row, **words_of(row))


@transaction.atomic
def lower_hold(*, cause: str, to: Money, at: datetime) -> None:
    """Keep no more than `to`; nothing at all is a release. Never raises it. Safe to repeat, as `release_hold` is."""
    if to.amount_minor <= 0:
        release_hold(cause=cause, at=at)
    else:
        HoldRow.objects.filter(IS_KEPT, cause=cause, amount_minor__gt=to.amount_minor).update(
            amount_minor=to.amount_minor
        )


@transaction.atomic
def raise_hold(*, cause: str, to: Money) -> None:
    """Keep `to` again, of which less was kept meanwhile, or nothing. What a person let go stays let go. Repeatable."""
    for row in HoldRow.objects.filter(cause=cause, let_go_by=None).select_for_update(no_key=True):
        is_back, row.released_at, row.amount_minor = row.released_at is not None, None, to.amount_minor
        row.save(update_fields=["released_at", "amount_minor"])
        if is_back:
            tell(Act.PAYOUT_HELD, row, **words_of(row))


def release_hold_by_hand(*, hold_id: uuid.UUID, by_id: uuid.UUID, at: datetime) -> None:
    """A person lets it go. Safe to repeat. Raises OwnPayoutError, and NotFoundError to whoever may not."""
    row = HoldRow.objects.filter(pk=hold_id).first()
    person = find_person(by_id)
    if row is None or person is None or Permission.APPROVE_PAYOUTS not in permissions_of(person.roles):
        raise NotFoundError("There is no such hold.")
    if is_of(row.account, by_id):
        raise OwnPayoutError(_("This money is yours, or your channel's. Somebody else has to decide."))
    with transaction.atomic():
        release_hold(cause=row.cause, at=at)
        HoldRow.objects.filter(pk=hold_id, let_go_by=None).update(let_go_by=by_id)
