"""What a room said, played again with its recording. Bounded reads; nothing here leads to whoever said it."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
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
from django.db.models.functions import Coalesce

from footlights.engagement.models import MessageRow, PollRow, QuestionRow, ReplayRow, VoteRow
from footlights.engagement.mood.course import TURN_S
from footlights.engagement.mood.models import MoodRow
from footlights.engagement.queries import mood_since
from footlights.engagement.records import (
    Course,
    HeldFor,
    Line,
    Message,
    PollKind,
    PollState,
    Question,
    QuestionState,
    Replay,
    ReplayFeeling,
    ReplayPoll,
    ReplayQuestion,
)
from footlights.engagement.staff import names_of, staff_of
from footlights.engagement.telling import tell_messages, tell_questions
from footlights.engagement.timeline import (
    EPOCH,
    MS,
    PIECE_MS,
    STRETCH_MS,
    count_of,
    first_at,
    length_of,
    peaks_of,
    place_in,
    span_of,
)
from footlights.kernel.errors import NotFoundError
from footlights.live.events import Part

PIECE_MAX = 1_000  # messages of a piece; of a room that is faster than anybody reads, the latest
TURN = timedelta(seconds=TURN_S)
TURNS_MAX = 24 * 60 * 60 // TURN_S * 4  # of a day, in four languages
POLLS_MAX, QUESTIONS_MAX = 200, 200
ANSWER_SHOWN = timedelta(seconds=30)  # of an answer whose end nobody marked
_TAKEN_AT = Coalesce("answering_at", "answered_at")
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
        is_replaced=row.replaced_at is not None,
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
    return Course(length_ms=length_of(parts), piece_ms=PIECE_MS, pieces=pieces, peaks=peaks_of(voices))


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


def polls_of(replay: Replay) -> list[ReplayPoll]:
    """Those that are over, in their order. One query."""
    rows = over_in(replay.room_id).select_related("room").order_by("opened_at", "pk")
    return [tell_again(row, replay.parts) for row in rows[:POLLS_MAX]]


def over_in(room_id: UUID) -> QuerySet[PollRow]:
    """Polls in which nobody votes in the room any more."""
    return PollRow.objects.filter(Q(state=PollState.CLOSED) | Q(room__closed_at__isnull=False), room_id=room_id)


def votes_since(replay: Replay, person_id: UUID) -> dict[str, list[int]]:
    """What this person chose in its polls, live or since. One query."""
    votes = VoteRow.objects.filter(viewer__room_id=replay.room_id, viewer__person_id=person_id)
    return {str(poll_id): choices for poll_id, choices in votes.values_list("poll_id", "choices")[:POLLS_MAX]}


def questions_of(replay: Replay) -> list[ReplayQuestion]:
    """Those that were answered on stage, in the order of that, but of people whom the service forgot."""
    taken = QuestionRow.objects.filter(room_id=replay.room_id, state__in=ON_STAGE).select_related("viewer")
    rows = list(taken.alias(since=_TAKEN_AT).filter(since__isnull=False).order_by("since", "pk")[:QUESTIONS_MAX])
    here = names_of(row.viewer.person_id for row in rows)
    shown = [row for row in rows if row.viewer.person_id in here or row.viewer.person_id == row.pk]
    told = tell_questions(shown, staff=staff_of(replay.channel_id) if shown else ())
    return [_question(row, each, replay.parts) for row, each in zip(shown, told, strict=True)]


def mood_of(replay: Replay) -> list[ReplayFeeling]:
    """How the room felt while something was sent, for those who look after it. One query."""
    return [
        ReplayFeeling(
            t=place_in(replay.parts, each.at + TURN), people=each.people, share=each.share, low=each.low, high=each.high
        )
        for each in mood_since(replay.room_id, EPOCH).course
        if _is_on_air(replay.parts, each.at)
    ]


def tell_again(row: PollRow, parts: list[Part]) -> ReplayPoll:
    """Its `room` is loaded."""
    since = place_in(parts, row.opened_at)
    over_at = row.closed_at or row.room.closed_at
    return ReplayPoll(
        id=row.pk,
        t=since,
        ends_t=place_in(parts, over_at) if over_at else since,
        question=row.question,
        kind=PollKind(row.kind),
        choices=list(row.choices),
        right=row.right,
        counts=list(row.counts),
        voters=row.voters,
        since_counts=list(row.since_counts) or [0] * len(row.choices),
        since_voters=row.since_voters,
    )


def _question(row: QuestionRow, told: Question, parts: list[Part]) -> ReplayQuestion:
    since = row.answering_at or row.answered_at or row.asked_at
    until = row.answered_at if row.answered_at and row.answered_at > since else since + ANSWER_SHOWN
    return ReplayQuestion(
        t=place_in(parts, since), ends_t=place_in(parts, until), name=told.name, text=told.text, tip=told.tip
    )


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
        id=said.id,
        t=place_in(parts, said.at),
        name=said.name,
        text=said.text,
        staff=said.staff,
        member=said.member,
        quote=said.quote if said.quote and said.quote.id not in gone else None,
        mentions=[each.name for each in said.mentions],
        tip=said.tip,
    )
