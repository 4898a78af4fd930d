"""Somebody of the press takes a code: from now on it is theirs, and nobody else's."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.accounts.api import Permission
from footlights.audit.api import Act, record
from footlights.catalog.api import may, title_access
from footlights.kernel.codes import normal_code
from footlights.kernel.errors import NotFoundError
from footlights.monetization.errors import AlreadyYoursError, PressCodeOverError, PressCodeTakenError
from footlights.monetization.models import PressCodeRow
from footlights.monetization.records import Reason
from footlights.monetization.screening import PressCode
from footlights.monetization.watching import may_watch

THEIRS = frozenset({Reason.BOUGHT, Reason.OWNER, Reason.FREE})


def redeem_press_code(*, code: str, viewer_id: uuid.UUID, at: datetime) -> PressCode:
    """One transaction that locks the code: the first who comes has it; coming again changes nothing.

    No screening begins by it: that is for the first key (`begin_screening`). Raises NotFoundError, PressCodeTakenError
    when somebody else was faster, PressCodeOverError, AlreadyYoursError to whoever needs none: the code stays good.
    """
    with transaction.atomic():
        found = PressCodeRow.objects.select_related("press").filter(code=normal_code(code))
        row = found.select_for_update(no_key=True, of=("self",)).first()
        if row is None:
            raise NotFoundError("There is no such press code.")
        if row.redeemed_by != viewer_id:
            _check(row, viewer_id, at)
            row.redeemed_at, row.redeemed_by = at, viewer_id
            row.save(update_fields=["redeemed_at", "redeemed_by"])
            record(
                act=Act.PRESS_CODE_REDEEMED,
                object_kind="press_pass",
                object_id=row.press_id,
                actor_id=viewer_id,
                channel_id=row.press.channel_id,
                person_ids=[viewer_id],
                after={"title_id": row.press.title_id, "for": row.outlet},
            )
    return row.to_record()


def _check(row: PressCodeRow, viewer_id: uuid.UUID, at: datetime) -> None:
    if row.withdrawn_at:
        raise PressCodeOverError(_("This code was withdrawn by whoever gave it."))
    if row.redeemed_by:
        raise PressCodeTakenError(_("This code was used already, by somebody else."))
    press = row.press
    if at >= press.ends_at:
        raise PressCodeOverError(_("This code is over."))
    if may(viewer_id, Permission.SET_PRICES, press.channel_id):
        raise AlreadyYoursError(_("This is your own channel: you need no code. It stays good for whom it is meant."))
    if press.title_id:
        _check_title(press.title_id, viewer_id, at)
    if PressCodeRow.objects.filter(press=press, redeemed_by=viewer_id).exists():
        raise AlreadyYoursError(_("You have one of these codes already. This one stays good for somebody else."))


def _check_title(title_id: uuid.UUID, viewer_id: uuid.UUID, at: datetime) -> None:
    access = title_access(title_id, viewer_id)
    if access is None or access.state == "deleted":
        raise PressCodeOverError(_("What this code is for is gone."))
    decision = may_watch(viewer_id, title_id, at)
    if decision.allowed and decision.reason in THEIRS:
        raise AlreadyYoursError(_("You can watch this already. The code stays good for somebody else."))
