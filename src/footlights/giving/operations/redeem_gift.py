"""Somebody opens a gift: it is theirs, and its money is earned."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act
from footlights.catalog.api import title_access
from footlights.giving.causes import redeemed_cause
from footlights.giving.errors import GiftOpenedError, GiftOverError
from footlights.giving.events import GiftRedeemed
from footlights.giving.models import GiftRow
from footlights.giving.operations.earn import earn
from footlights.giving.operations.telling import tell
from footlights.giving.records import Gift, State
from footlights.kernel import events
from footlights.kernel.codes import normal_code
from footlights.kernel.errors import NotFoundError
from footlights.ledger.api import balance_of
from footlights.monetization.api import AlreadyYoursError, Reason, give_title, may_watch
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
        give_title(viewer_id=viewer_id, offer_id=row.offer_id, cause=row.reference, at=at)
        tell(Act.GIFT_REDEEMED, row, actor_id=viewer_id)
        events.publish(GiftRedeemed(row.pk, at))
    return row.to_record()


def _check(row: GiftRow, viewer_id: uuid.UUID, at: datetime) -> None:
    if row.withdrawn_at or row.state != State.PAID:
        raise GiftOverError(_("This gift was taken back."))
    if row.redeemed_at:
        raise GiftOpenedError(_("This gift was opened already, by somebody else."))
    assert row.title_id  # noqa: S101  a gift is always of a title
    access = title_access(row.title_id, viewer_id)
    if access is None or access.state == "deleted":
        raise GiftOverError(_("What this gift is for is gone. Its giver can have the money back."))
    decision = may_watch(viewer_id, row.title_id, at)
    if decision.allowed and decision.reason in THEIRS:
        raise AlreadyYoursError(_("You can watch this already. The gift stays good: hand it on."))
