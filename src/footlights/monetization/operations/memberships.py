"""Who belongs to a channel. What is paid for that, and how, is said by whoever calls."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from footlights.kernel.errors import IdempotencyConflictError
from footlights.monetization.models import MembershipRow


def grant_membership(
    *, viewer_id: uuid.UUID, channel_id: uuid.UUID | None, tier: int, until: datetime, cause: str, at: datetime
) -> None:
    """Make `viewer_id` a member of a channel (None: of all in the pass) in a tier, until a moment.

    `cause` is the membership's name, such as `subscription:<id>`: granting it again gives it another tier and another
    end, and brings back one that was ended. The later word counts, by `at`, whatever order they come in; repeating is
    safe. Joins the caller's transaction. Raises IdempotencyConflictError for a cause that is another's membership.
    """
    said = {"tier": tier, "until": until, "ended_at": None, "said_at": at}
    with transaction.atomic():
        row, is_new = MembershipRow.objects.get_or_create(
            cause=cause, defaults={**said, "viewer_id": viewer_id, "channel_id": channel_id, "granted_at": at}
        )
        if (row.viewer_id, row.channel_id) != (viewer_id, channel_id):
            raise IdempotencyConflictError(f"“{cause}” is a membership of somebody else, or elsewhere.")
        if not is_new:
            MembershipRow.objects.filter(pk=row.pk, said_at__lte=at).update(**said)


def hold_membership(*, cause: str, at: datetime) -> None:
    """A bank is asked for its money: until it has decided, it opens nothing. Safe to repeat, as the next is."""
    MembershipRow.objects.filter(cause=cause, held_at=None).update(held_at=at)


def release_membership(*, cause: str) -> None:
    MembershipRow.objects.filter(cause=cause).exclude(held_at=None).update(held_at=None)


def is_held(cause: str) -> bool:
    """Whether a bank is asked for the money of this membership, so that it opens nothing meanwhile."""
    return MembershipRow.objects.filter(cause=cause, held_at__isnull=False).exists()


def end_membership(*, cause: str, at: datetime) -> None:
    """It lasts until `at` and no longer. Safe to repeat, and for a cause that never was; a later grant wins."""
    running = MembershipRow.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at), cause=cause, said_at__lte=at)
    running.update(ended_at=at, said_at=at)
