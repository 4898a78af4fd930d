"""Somebody opens a gift: it is theirs, and its money is earned."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.accounts.api import Permission
from footlights.audit.api import Act
from footlights.catalog.api import list_titles, may, title_access
from footlights.giving.causes import redeemed_cause
from footlights.giving.errors import GiftOpenedError, GiftOverError
from footlights.giving.events import GiftRedeemed
from footlights.giving.models import GiftRow
from footlights.giving.operations.earn import earn
from footlights.giving.operations.letting import let_watch
from footlights.giving.operations.telling import tell
from footlights.giving.records import Gift, State
from footlights.kernel import events
from footlights.kernel.codes import normal_code
from footlights.kernel.errors import NotFoundError
from footlights.ledger.api import balance_of
from footlights.monetization.api import (
    AlreadyYoursError,
    Reason,
    has_bought,
    holds_ticket,
    kept_titles,
    lock_event,
    may_watch,
)
from footlights.terms.api import SaleKind

THEIRS = frozenset({Reason.BOUGHT, Reason.OWNER, Reason.FREE})


def redeem_gift(*, code: str, viewer_id: uuid.UUID, at: datetime) -> Gift:
    """Journal, entitlement and state in one transaction that locks the gift: the first who comes has it.

    Opening again what one opened changes nothing. Raises NotFoundError, GiftOpenedError when somebody else was faster,
    GiftOverError, AlreadyYoursError to whoever has it anyway: the gift stays good for another. Publishes GiftRedeemed.
    """
    with transaction.atomic():
        row = GiftRow.objects.select_for_update(no_key=True).filter(code=normal_code(code)).first()
        if row is None or row.paid_at is None:
            raise NotFoundError("There is no such gift.")
        if row.redeemed_by == viewer_id and row.state == State.PAID:
            return row.to_record()
        _check(row, viewer_id, at)
        row.redeemed_at, row.redeemed_by, row.send_at = at, viewer_id, None
        net = -balance_of(row.account, row.currency)  # less than was paid, when a part went back
        earn(row, kind=SaleKind.GIFT, net=net, source=row.account, cause=redeemed_cause(row.reference), at=at)
        row.save()
        let_watch(row, viewer_id, at)
        tell(Act.GIFT_REDEEMED, row, actor_id=viewer_id)
        events.publish(GiftRedeemed(row.pk, at))
    return row.to_record()


def _check(row: GiftRow, viewer_id: uuid.UUID, at: datetime) -> None:
    if row.withdrawn_at or row.state != State.PAID:
        raise GiftOverError(_("This gift was taken back."))
    if row.redeemed_at:
        raise GiftOpenedError(_("This gift was opened already, by somebody else."))
    if row.collection_id:
        _check_collection(row, row.collection_id, viewer_id)
    elif row.title_id:
        _check_title(row.title_id, viewer_id, at)
    else:
        _check_ticket(row, viewer_id)


def _check_collection(row: GiftRow, collection_id: uuid.UUID, viewer_id: uuid.UUID) -> None:
    """Whoever has some of it has all of it then; hidden or deleted, it gives what it promised."""
    living = {title_id for title_id, title in list_titles(row.promised).items() if title.state != "deleted"}
    if not living:
        raise GiftOverError(_("What this gift is for is gone. Its giver can have the money back."))
    if may(viewer_id, Permission.SEE_CHANNEL, row.channel_id):
        raise AlreadyYoursError(_("You can watch this already. The gift stays good: hand it on."))
    if has_bought(viewer_id, collection_id) or kept_titles(viewer_id, list(living)) >= living:
        raise AlreadyYoursError(_("All of it is yours already. The gift stays good: hand it on."))


def _check_ticket(row: GiftRow, viewer_id: uuid.UUID) -> None:
    """It may be opened after the end, too, where its holders see the recording."""
    if not lock_event(row.offer_id):
        raise GiftOverError(_("This broadcast is over, or did not take place. Whoever gave it has their money back."))
    if may(viewer_id, Permission.SEE_CHANNEL, row.channel_id):
        raise AlreadyYoursError(_("You manage this broadcast. The gift stays good: hand it on."))
    if row.broadcast_id and holds_ticket(viewer_id, row.broadcast_id):
        raise AlreadyYoursError(_("You have a ticket already. The gift stays good: hand it on."))


def _check_title(title_id: uuid.UUID, viewer_id: uuid.UUID, at: datetime) -> None:
    access = title_access(title_id, viewer_id)
    if access is None or access.state == "deleted":
        raise GiftOverError(_("What this gift is for is gone. Its giver can have the money back."))
    decision = may_watch(viewer_id, title_id, at)
    if decision.allowed and decision.reason in THEIRS:
        raise AlreadyYoursError(_("You can watch this already. The gift stays good: hand it on."))
