"""Make codes for the press, and end them."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.accounts.api import Permission
from footlights.audit.api import Act, record
from footlights.catalog.api import list_titles, may
from footlights.kernel.codes import random_code
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.monetization import screening
from footlights.monetization.models import PressCodeRow, PressPassRow
from footlights.monetization.screening import NewPressPass, PressPass


def make_press_pass(*, channel_id: uuid.UUID, editor_id: uuid.UUID, new: NewPressPass, at: datetime) -> PressPass:
    """A press pass with its codes. One transaction; nothing is sold or booked.

    Raises InvalidInputError, also for a title of another channel, and NotFoundError to whoever may not set its prices.
    """
    _require_seller(channel_id, editor_id)
    outlets = screening.check_new(new, at)
    title = list_titles([new.title_id]).get(new.title_id) if new.title_id else None
    if new.title_id and (title is None or title.channel_id != channel_id or title.state == "deleted"):
        raise InvalidInputError(_("There is no such title on this channel."), field="title")
    with transaction.atomic():
        row = PressPassRow.objects.create(
            channel_id=channel_id,
            title_id=new.title_id,
            watches_max=new.watches_max,
            ends_at=new.ends_at,
            created_by=editor_id,
            created_at=at,
        )
        PressCodeRow.objects.bulk_create(
            [
                PressCodeRow(press=row, code=random_code(), outlet=outlet, place=place)
                for place, outlet in enumerate(outlets, 1)
            ]
        )
        _tell(Act.PRESS_CODES_MADE, row, editor_id, codes=len(outlets), watches=new.watches_max)
    return row.to_record(codes=len(outlets))


def withdraw_press_codes(
    *, press_id: uuid.UUID, editor_id: uuid.UUID, at: datetime, code_id: uuid.UUID | None = None
) -> None:
    """Nothing is watched with them from now on, not even what runs: one of the pass, or all (None). Safe to repeat.

    Raises NotFoundError, also to whoever may not set the channel's prices.
    """
    row = PressPassRow.objects.filter(pk=press_id).first()
    if row is None:
        raise NotFoundError("There is no such press pass.")
    _require_seller(row.channel_id, editor_id)
    codes = row.codes.filter(withdrawn_at=None)
    with transaction.atomic():
        count = (codes.filter(pk=code_id) if code_id else codes).update(withdrawn_at=at)
        if count:
            _tell(Act.PRESS_CODES_WITHDRAWN, row, editor_id, codes=count)


def _require_seller(channel_id: uuid.UUID, editor_id: uuid.UUID) -> None:
    if not may(editor_id, Permission.SET_PRICES, channel_id):
        raise NotFoundError("There is no such channel.")


def _tell(act: Act, row: PressPassRow, editor_id: uuid.UUID, **after: int) -> None:
    record(
        act=act,
        object_kind="press_pass",
        object_id=row.pk,
        actor_id=editor_id,
        channel_id=row.channel_id,
        after={"title_id": row.title_id, **after},
    )
