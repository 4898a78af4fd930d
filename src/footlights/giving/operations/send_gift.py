"""A gift goes to whom it is for: once it is paid, at its moment, and again when its giver asks."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act
from footlights.giving import policies
from footlights.giving.errors import GiftOpenedError, SentOftenError
from footlights.giving.events import GiftSent
from footlights.giving.models import IS_WAITING, GiftRow
from footlights.giving.operations.telling import tell
from footlights.giving.records import Gift, State
from footlights.kernel import events
from footlights.kernel.errors import NotFoundError

AT_ONCE = 200


def send_if_due(row: GiftRow, at: datetime) -> None:
    """Send it when its moment has come; the caller, who holds its lock, saves it. Publishes GiftSent."""
    if row.send_at is None or at < row.send_at:
        return
    row.send_at, row.sent_at, row.sent_times = None, at, row.sent_times + 1
    tell(Act.GIFT_SENT, row, actor_id=None)
    events.publish(GiftSent(row.pk, at))


def send_due(*, at: datetime) -> int:
    """Send what waits for this moment; returns how many. Two runs at once send each once."""
    due = GiftRow.objects.filter(IS_WAITING, state=State.PAID, send_at__lte=at).order_by("send_at")
    ids = list(due.values_list("pk", flat=True)[:AT_ONCE])
    for gift_id in ids:
        with transaction.atomic():
            row = GiftRow.objects.select_for_update(no_key=True).get(pk=gift_id)
            send_if_due(row, at)
            row.save(update_fields=["send_at", "sent_at", "sent_times"])
    return len(ids)


def send_gift(*, gift_id: uuid.UUID, giver_id: uuid.UUID, recipient: str, at: datetime) -> Gift:
    """Send it now, to this address from now on: again, or at last. Locks it. Publishes GiftSent.

    Raises NotFoundError, GiftOpenedError when nobody waits for it any more, SentOftenError.
    """
    with transaction.atomic():
        row = GiftRow.objects.select_for_update(no_key=True).filter(pk=gift_id, giver_id=giver_id).first()
        if row is None or row.state != State.PAID:
            raise NotFoundError("There is no such gift.")
        if row.redeemed_at or row.withdrawn_at:
            raise GiftOpenedError(_("It was opened already, or you took it back."))
        if row.sent_times >= policies.SENT_TIMES_MAX:
            raise SentOftenError(_("It was sent often enough. Hand the link over yourself."))
        row.recipient, row.send_at = recipient, at
        send_if_due(row, at)
        row.save(update_fields=["recipient", "send_at", "sent_at", "sent_times"])
    return row.to_record()
