"""The chat. Joins the transaction that holds the room."""

from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max

from footlights.engagement import policies
from footlights.engagement.errors import RefusedError
from footlights.engagement.models import MessageRow
from footlights.engagement.operations.floor import Floor
from footlights.engagement.records import HeldFor, Review, Speakers
from footlights.engagement.wire import Say

KEEP = """
    insert into engagement_message
        (id, room_id, viewer_id, text, said_at, answers_to_id, held_for, mentions, tip_currency)
    select id, %s, viewer_id, text, %s, answers_to_id, held_for, mentions::uuid[], ''
    from unnest(%s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::text[], %s::text[])
        as said (id, viewer_id, text, answers_to_id, held_for, mentions)
"""


def say(floor: Floor, spoken: list[tuple[UUID, Any]]) -> None:
    """Keep what was said, and show it unless the room's rules let it wait. Said twice is said once."""
    last_at = _last_words(floor, [viewer_id for viewer_id, _body in spoken])
    known = _known(spoken)
    answered = _answered(floor, spoken)
    trusted = _trusted(floor, [viewer_id for viewer_id, _body in spoken])
    fresh: list[MessageRow] = []
    for viewer_id, body in spoken:
        try:
            row = _message(floor, viewer_id, body, is_known=viewer_id in trusted)
        except RefusedError as error:
            floor.answer(viewer_id, body.key, refused=error.code)
            continue
        if row.pk not in known:
            if not floor.is_staff(row.viewer) and (
                wait_s := policies.wait_s(slow_s=floor.room.slow_s, last_at=last_at.get(viewer_id), at=floor.at)
            ):
                floor.answer(viewer_id, body.key, refused="slow", wait_s=wait_s)
                continue
            known[row.pk] = row.held_for
            last_at[viewer_id] = floor.at
            row.answers_to = answered.get(body.answers)
            fresh.append(row)
        floor.answer(viewer_id, body.key, is_held=bool(known[row.pk]))
    if fresh:
        _keep(floor, fresh)
    floor.said += [row for row in fresh if not row.held_for]
    floor.held += [row for row in fresh if row.held_for]


def _message(floor: Floor, viewer_id: UUID, body: Say, *, is_known: bool) -> MessageRow:
    viewer = floor.speaker(viewer_id)
    is_staff = floor.is_staff(viewer)
    if floor.room.speakers == Speakers.MEMBERS and not (viewer.is_member or is_staff):
        raise RefusedError("members")
    text = policies.plain_text(body.text, most=policies.SAY_LENGTH_MAX)
    held_for = HeldFor.NOTHING
    if not is_staff:
        held_for = policies.held_for(
            text,
            rules=floor.room.to_rules(),
            is_known=is_known,
            listed=floor.listed,
            is_near_ban=viewer.is_near_ban,
        )
    return MessageRow(
        id=policies.own_id(viewer_id, body.key),
        room=floor.room,
        viewer=viewer,
        text=text,
        said_at=floor.at,
        mentions=list(dict.fromkeys(body.mentions)),
        held_for=held_for,
    )


def _keep(floor: Floor, fresh: list[MessageRow]) -> None:
    """One statement with an array for each field: of fifty rows, building a statement was a fifth of all they cost."""
    mentions = ["{" + ",".join(each.hex for each in row.mentions) + "}" for row in fresh]
    fields = (
        [getattr(row, name) for row in fresh] for name in ("pk", "viewer_id", "text", "answers_to_id", "held_for")
    )
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [floor.room.pk, floor.at, *fields, mentions])


def _answered(floor: Floor, spoken: list[tuple[UUID, Any]]) -> dict[UUID | None, MessageRow]:
    """The messages that are answered, of those that are shown here."""
    wanted = {body.answers for _viewer_id, body in spoken if body.answers}
    if not wanted:
        return {}
    shown = MessageRow.objects.filter(room=floor.room, hidden_at=None, held_for=HeldFor.NOTHING, pk__in=wanted)
    return {row.pk: row for row in shown.select_related("viewer")}


def _trusted(floor: Floor, viewer_ids: list[UUID]) -> set[UUID]:
    """Who said something before that is shown. Asked only where newcomers' messages wait."""
    is_any_near = any(viewer.is_near_ban for viewer in floor.viewers.values())
    if floor.room.review != Review.NEWCOMERS and not is_any_near:
        return set()
    shown = MessageRow.objects.filter(viewer_id__in=viewer_ids, hidden_at=None, held_for=HeldFor.NOTHING)
    return set(shown.values_list("viewer_id", flat=True).distinct())


def _known(spoken: list[tuple[UUID, Any]]) -> dict[UUID, str]:
    """What was kept before, each with what it waits for."""
    ids = [policies.own_id(viewer_id, body.key) for viewer_id, body in spoken if policies.KEY.fullmatch(body.key)]
    return dict(MessageRow.objects.filter(pk__among=ids).values_list("pk", "held_for"))


def _last_words(floor: Floor, viewer_ids: list[UUID]) -> dict[UUID, Any]:
    if not floor.room.slow_s:
        return {}
    rows = MessageRow.objects.filter(viewer_id__in=viewer_ids).values("viewer_id").annotate(last=Max("said_at"))
    return {row["viewer_id"]: row["last"] for row in rows}
