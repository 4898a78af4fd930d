"""Somebody gives a channel something, for nothing in return."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act
from footlights.catalog.api import get_channel, is_visible, title_access
from footlights.giving import policies
from footlights.giving.errors import TipsClosedError
from footlights.giving.models import TipRow
from footlights.giving.operations.note_origin import note_origin
from footlights.giving.operations.pay import ask_for_payment, require_method
from footlights.giving.operations.telling import tell
from footlights.giving.queries import tip_currency, tip_jar, tip_limits
from footlights.giving.records import NewTip, Tip
from footlights.kernel.errors import IdempotencyConflictError, NotFoundError


def give_tip(
    *, giver_id: uuid.UUID, new: NewTip, idempotency_key: str, at: datetime, method_id: uuid.UUID | None = None
) -> Tip:
    """Give a tip: by the hosted page it names, or at once from a card its giver let the gateway keep.

    Call outside a transaction. The same key is the same tip; with other input it raises IdempotencyConflictError.
    Raises NotFoundError, TipsClosedError, InvalidInputError, MethodGoneError, GatewayUnreachableError (nothing was
    charged; repeat). Publishes TipGiven once the money is here.
    """
    require_method(giver_id, method_id)
    repeated = TipRow.objects.filter(giver_id=giver_id, idempotency_key=idempotency_key).first()
    row = repeated or _begin(giver_id, new, idempotency_key, at)
    if (row.channel_id, row.title_id, row.amount) != (new.channel_id, new.title_id, new.amount):
        raise IdempotencyConflictError(_("This tip was begun for something else. Load the page again."))
    words = _("Tip for %(name)s") % {"name": get_channel(row.channel_id).name}
    ask_for_payment(row, description=words, return_path=f"/tips/{row.pk}", at=at, method_id=method_id)
    return row.to_record()


def _begin(giver_id: uuid.UUID, new: NewTip, idempotency_key: str, at: datetime) -> TipRow:
    message = policies.plain_words(new.message, most=policies.MESSAGE_LENGTH_MAX)
    _require_receiver(new, giver_id, at)
    policies.check_tip(new.amount, tip_limits(tip_currency(new.amount.currency), at))
    with transaction.atomic(durable=True):
        row, is_new = TipRow.objects.get_or_create(
            giver_id=giver_id,
            idempotency_key=idempotency_key,
            defaults={
                "channel_id": new.channel_id,
                "title_id": new.title_id,
                "amount_minor": new.amount.amount_minor,
                "currency": new.amount.currency,
                "message": message,
                "is_anonymous": new.is_anonymous,
                "about": new.about,
                "created_at": at,
            },
        )
        if is_new:
            tell(Act.TIP_BEGUN, row, actor_id=giver_id)
            note_origin(reference=row.reference, at=at)
    return row


def _require_receiver(new: NewTip, giver_id: uuid.UUID, at: datetime) -> None:
    get_channel(new.channel_id)
    if new.title_id is not None:
        access = title_access(new.title_id, giver_id)
        if access is None or access.channel_id != new.channel_id or not is_visible(access, giver_id, at):
            raise NotFoundError("There is no such title.")
    if not tip_jar(new.channel_id).is_open:
        raise TipsClosedError(_("This channel takes no tips."))
