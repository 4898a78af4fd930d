"""Bounded reads of press passes, their codes, and what was watched with them."""

import uuid
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from footlights.kernel.codes import normal_code
from footlights.kernel.errors import NotFoundError
from footlights.monetization.models import PressCodeRow, PressPassRow
from footlights.monetization.screening import CODES_MAX, PressCode, PressPass

LIMIT_MAX = 200
HELD_MAX = 50


def list_press_passes(channel_id: uuid.UUID, limit: int = 50, offset: int = 0) -> list[PressPass]:
    """Of a channel, the newest first, with how many of their codes were redeemed and withdrawn."""
    rows = _counted().filter(channel_id=channel_id).order_by("-created_at", "-id")
    return [_record(row) for row in rows[offset : offset + min(limit, LIMIT_MAX)]]


def get_press_pass(*, press_id: uuid.UUID, channel_id: uuid.UUID) -> PressPass:
    """A pass of this channel; another's does not exist. Raises NotFoundError."""
    row = _counted().filter(pk=press_id, channel_id=channel_id).first()
    if row is None:
        raise NotFoundError("There is no such press pass.")
    return _record(row)


def list_press_codes(press_id: uuid.UUID, limit: int = CODES_MAX, offset: int = 0) -> list[PressCode]:
    """Of a pass, as they were made. Two queries."""
    rows = _whole().filter(press_id=press_id).order_by("place")
    return [row.to_record() for row in rows[offset : offset + min(limit, CODES_MAX)]]


def get_press_code(code: str) -> PressCode:
    """For whoever holds it. Raises NotFoundError."""
    row = _whole().filter(code=normal_code(code)).first()
    if row is None:
        raise NotFoundError("There is no such press code.")
    return row.to_record()


def list_held_press_codes(viewer_id: uuid.UUID, at: datetime) -> list[PressCode]:
    """What somebody redeemed that is not over by its terms, the newest first. Two queries; one when there is none."""
    rows = _whole().filter(redeemed_by=viewer_id, withdrawn_at=None, press__ends_at__gt=at).order_by("-redeemed_at")
    return [row.to_record() for row in rows[:HELD_MAX]]


def _whole() -> QuerySet[PressCodeRow]:
    return PressCodeRow.objects.select_related("press").prefetch_related("screenings")


def _counted() -> QuerySet[Any]:
    return PressPassRow.objects.annotate(
        made=Count("codes"), redeemed=Count("codes__redeemed_at"), withdrawn=Count("codes__withdrawn_at")
    )


def _record(row: Any) -> PressPass:
    made: PressPass = row.to_record(codes=row.made, redeemed=row.redeemed, withdrawn=row.withdrawn)
    return made
