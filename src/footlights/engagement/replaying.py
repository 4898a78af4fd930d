"""What a room said, played again with its recording. Bounded reads; nothing here leads to whoever said it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BooleanField,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
)

from footlights.engagement.models import MessageRow, MoodRow, PollRow, QuestionRow, ReplayRow
from footlights.engagement.mood.course import TURN_S
from footlights.engagement.records import Course, HeldFor, Line, Message, QuestionState, Replay
from footlights.engagement.staff import names_of, staff_of
from footlights.engagement.telling import tell_messages
from footlights.engagement.timeline import (
    EPOCH,
    MS,
    PIECE_MS,
    STRETCH_MS,
    count_of,
    first_at,
    peaks_of,
    place_in,
    span_of,
)
from footlights.kernel.errors import NotFoundError
from footlights.live.events import Part

PIECE_MAX = 1_000  # messages of a piece; of a room that is faster than anybody reads, the latest
TURNS_MAX = 24 * 60 * 60 // TURN_S * 4  # of a day, in four languages
ON_STAGE = (QuestionState.ANSWERING, QuestionState.ANSWERED)


def find_replay(title_id: UUID) -> Replay | None:
    """Whether it is shown or not. One query."""
    said = MessageRow.objects.filter(room_id=OuterRef("room_id"), hidden_at=None, held_for=HeldFor.NOTHING)
    polls = PollRow.objects.filter(room_id=OuterRef("room_id"))
    taken = QuestionRow.objects.filter(room_id=OuterRef("room_id"), state__in=ON_STAGE)
    rows = ReplayRow.objects.select_related("room").annotate(
        is_anything=ExpressionWrapper(Exists(said) | Exists(polls) | Exists(taken), output_field=BooleanField())
    )
    row = rows.filter(pk=title_id).first()
    if row is None:
        return None
    return Replay(
        title_id=row.pk,
        room_id=row.room_id,
        channel_id=row.room.channel_id,
        parts=msgspec.convert(row.parts, list[Part]),
        is_shown=row.is_shown,
        is_silent=not row.is_anything,
    )


def course_of(replay: Replay) -> Course:
    """Where in the recording something was said, and when most was. Two queries."""
    parts = replay.parts
    pieces, voices = [0] * count_of(parts, PIECE_MS), [0] * count_of(parts, STRETCH_MS)
    for stretch, is_on_air, many in _counts(replay):
        pieces[stretch * STRETCH_MS // PIECE_MS] += many
        if is_on_air:  # else everything that was said before the beginning would be one peak
            voices[stretch] += many
    moods = MoodRow.objects.filter(room_id=replay.room_id).order_by("at").values_list("at", "people")
    for at, people in moods[:TURNS_MAX]:
        if _is_on_air(parts, at):
            voices[place_in(parts, at) // STRETCH_MS] += people
    return Course(piece_ms=PIECE_MS, pieces=pieces, peaks=peaks_of(voices))


def lines_in(replay: Replay, number: int) -> list[Line]:
    """What was said in one piece of the recording, in its order. Raises NotFoundError where there is no such piece."""
    if not 0 <= number < count_of(replay.parts, PIECE_MS):
        raise NotFoundError("There is no such piece.")
    since, until = span_of(replay.parts, number, PIECE_MS)
    rows = _said(replay)
    if since:
        rows = rows.filter(said_at__gte=since)
    if until:
        rows = rows.filter(said_at__lt=until)
    found = list(rows.select_related("viewer", "answers_to__viewer").order_by("-said_at", "-pk")[:PIECE_MAX])[::-1]
    gone = _gone(found)
    shown = [row for row in found if row.pk not in gone]
    told = tell_messages(shown, staff=staff_of(replay.channel_id) if shown else ())
    return [_line(each, replay.parts, gone) for each in told]


def _said(replay: Replay) -> QuerySet[MessageRow]:
    return MessageRow.objects.filter(room_id=replay.room_id, hidden_at=None, held_for=HeldFor.NOTHING)


def _counts(replay: Replay) -> Iterable[tuple[int, bool, int]]:
    """How many messages there are in each stretch that has some: those said while something was sent, and others."""
    parts = replay.parts
    begins = [first_at(parts, number * STRETCH_MS) for number in range(1, count_of(parts, STRETCH_MS))]
    stretch: Any = Value(0)
    if begins:
        bounds = Value(begins, output_field=ArrayField(DateTimeField()))
        stretch = Func(F("said_at"), bounds, function="width_bucket", output_field=IntegerField())
    spans = Q(pk=None)
    for part in parts:
        began = EPOCH + round(part.began_at * 1_000) * MS
        spans |= Q(said_at__gte=began, said_at__lt=began + part.length_ms * MS)
    on_air = ExpressionWrapper(spans, output_field=BooleanField())
    rows = _said(replay).annotate(stretch=stretch, on_air=on_air).order_by().values("stretch", "on_air")
    return rows.annotate(many=Count("pk")).values_list("stretch", "on_air", "many")


def _is_on_air(parts: Iterable[Part], at: datetime) -> bool:
    return any(0 <= at.timestamp() - part.began_at < part.length_ms / 1_000 for part in parts)


def _gone(rows: Collection[MessageRow]) -> set[UUID]:
    """Messages, among these and those they answer, of people whom the service forgot.

    Whoever gave a tip without a name was never known: their viewer stands for the tip itself.
    """
    all_of_them = [*rows, *(row.answers_to for row in rows if row.answers_to)]
    here = names_of(row.viewer.person_id for row in all_of_them)
    return {row.pk for row in all_of_them if row.viewer.person_id not in here and row.viewer.person_id != row.pk}


def _line(said: Message, parts: list[Part], gone: Collection[UUID]) -> Line:
    return Line(
        t=place_in(parts, said.at),
        name=said.name,
        text=said.text,
        staff=said.staff,
        member=said.member,
        quote=said.quote if said.quote and said.quote.id not in gone else None,
        mentions=[each.name for each in said.mentions],
        tip=said.tip,
    )
