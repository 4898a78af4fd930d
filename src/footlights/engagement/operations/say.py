"""The chat. Joins the transaction that holds the room."""

from typing import Any
from uuid import UUID

from django.db.models import Max

from footlights.engagement import policies
from footlights.engagement.errors import RefusedError
from footlights.engagement.models import MessageRow
from footlights.engagement.operations.floor import Floor
from footlights.engagement.wire import Say


def say(floor: Floor, spoken: list[tuple[UUID, Any]]) -> None:
    """Keep what was said; each is answered under its key. Said twice is said once."""
    last_at = _last_words(floor, [viewer_id for viewer_id, _body in spoken])
    known = _known(spoken)
    fresh: list[MessageRow] = []
    for viewer_id, body in spoken:
        try:
            row = _message(floor, viewer_id, body)
        except RefusedError as error:
            floor.answer(viewer_id, body.key, refused=error.code)
            continue
        if row.pk not in known:
            if not floor.is_staff(row.viewer) and (
                wait_s := policies.wait_s(slow_s=floor.room.slow_s, last_at=last_at.get(viewer_id), at=floor.at)
            ):
                floor.answer(viewer_id, body.key, refused="slow", wait_s=wait_s)
                continue
            known.add(row.pk)
            last_at[viewer_id] = floor.at
            fresh.append(row)
        floor.answer(viewer_id, body.key)
    floor.said += MessageRow.objects.bulk_create(fresh)


def _message(floor: Floor, viewer_id: UUID, body: Say) -> MessageRow:
    viewer = floor.speaker(viewer_id)
    text = policies.plain_text(body.text, most=policies.SAY_LENGTH_MAX)
    policies.check_links(text, is_staff=floor.is_staff(viewer))
    identifier = policies.own_id(viewer_id, body.key)
    return MessageRow(id=identifier, room=floor.room, viewer=viewer, text=text, said_at=floor.at)


def _known(spoken: list[tuple[UUID, Any]]) -> set[UUID]:
    ids = [policies.own_id(viewer_id, body.key) for viewer_id, body in spoken if policies.KEY.fullmatch(body.key)]
    return set(MessageRow.objects.filter(pk__in=ids).values_list("pk", flat=True))


def _last_words(floor: Floor, viewer_ids: list[UUID]) -> dict[UUID, Any]:
    if not floor.room.slow_s:
        return {}
    rows = MessageRow.objects.filter(viewer_id__in=viewer_ids).values("viewer_id").annotate(last=Max("said_at"))
    return {row["viewer_id"]: row["last"] for row in rows}
