"""What is in rooms. Bounded reads."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter, itemgetter
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.lookups import IsNull

from footlights.engagement.adapters.tokens import TOKEN_LIFE, user_name
from footlights.engagement.models import (
    BanRow,
    CaughtRow,
    MessageRow,
    PollRow,
    PreparedRow,
    QuestionRow,
    RaiseRow,
    RoomRow,
    ViewerRow,
    VoteRow,
    WordListRow,
)
from footlights.engagement.mood.course import BEFORE, QUIET, RECENT, TURN_S, course, turns
from footlights.engagement.mood.models import MoodRow
from footlights.engagement.policies import PREPARED_MAX
from footlights.engagement.records import (
    Ban,
    Desk,
    HeldFor,
    Mine,
    Mood,
    PollKind,
    Prepared,
    QuestionState,
    Room,
    Snapshot,
    Voices,
    WordList,
)
from footlights.engagement.staff import staff_of
from footlights.engagement.telling import tell_messages, tell_poll, tell_questions
from footlights.engagement.words import LISTS
from footlights.kernel.errors import NotFoundError

MESSAGES_SHOWN = 100
POLLS_SHOWN = 20
QUESTIONS_SHOWN = 60
HELD_SHOWN = 100
REVOKED_MAX = 5_000
MOOD_SHOWN = timedelta(minutes=30)
TURNS_READ_MAX = 6 * 60 * 60 // TURN_S  # six hours
LIVELY_MAX = 500


def get_room(room_id: UUID) -> Room:
    """Raises NotFoundError."""
    row = RoomRow.objects.filter(pk=room_id).first()
    if row is None:
        raise NotFoundError("There is no such room.")
    return row.to_record()


def find_room(subject: str) -> Room | None:
    row = RoomRow.objects.filter(subject=subject).first()
    return row.to_record() if row else None


def snapshot(room_id: UUID) -> Snapshot:
    """The room as it is: at least as new as the version it names, which is read first. Raises NotFoundError."""
    room = get_room(room_id)
    messages = _messages(room_id).filter(held_for=HeldFor.NOTHING)
    newest = list(messages.order_by("-said_at", "-pk")[:MESSAGES_SHOWN])[::-1]
    questions = _questions_shown(room_id)
    pinned = list(messages.filter(pk__in=RoomRow.objects.filter(pk=room_id).values("pinned_id")))
    staff = staff_of(room.channel_id) if newest or questions else frozenset()
    said = tell_messages([*pinned, *newest], staff=staff)
    polls = PollRow.objects.filter(room_id=room_id).order_by("-opened_at")[:POLLS_SHOWN]
    return Snapshot(
        v=room.version,
        rules=room.rules,
        pinned=said[0] if pinned else None,
        said=said[len(pinned) :],
        polls=[tell_poll(row) for row in polls],
        questions=tell_questions(questions, staff=staff),
    )


def desk_of(room_id: UUID, channel_id: UUID, at: datetime) -> Desk:
    """What is in this room for those who look after it: messages that wait, the oldest first, polls, and the mood."""
    waiting = list(_messages(room_id).exclude(held_for=HeldFor.NOTHING).order_by("said_at", "pk")[:HELD_SHOWN])
    return Desk(
        held=tell_messages(waiting, staff=()),
        prepared=list_prepared(channel_id),
        mood=mood_since(room_id, at - MOOD_SHOWN),
    )


def mood_since(room_id: UUID, since: datetime) -> Mood:
    """How the room felt from then on."""
    rows = _moods(room_id, since)
    voices = _voices(rows)
    return Mood(course=course(voices), turns=list(turns(voices)), languages=_languages(rows))


def latest_mood(room_id: UUID, at: datetime) -> Mood:
    """How the room felt in the turn that began `at`, and whether it turned just now."""
    rows = _moods(room_id, at - RECENT - BEFORE - QUIET)
    voices = _voices(rows)
    return Mood(
        course=course(voices)[-1:],
        turns=[each for each in turns(voices) if each.at == at],
        languages=_languages(row for row in rows if row.at == at),
    )


def _moods(room_id: UUID, since: datetime) -> list[MoodRow]:
    """In order of time."""
    return list(MoodRow.objects.filter(room_id=room_id, at__gte=since).order_by("at", "language")[: TURNS_READ_MAX * 4])


def _voices(rows: Sequence[MoodRow]) -> list[Voices]:
    """All languages together."""
    return [
        Voices(at, *(sum(getattr(row, name) for row in of) for name in ("people", "warm", "cold")))
        for at, of in ((at, list(of)) for at, of in groupby(rows, key=attrgetter("at")))
    ]


def _languages(rows: Iterable[MoodRow]) -> dict[str, int]:
    heard: Counter[str] = Counter()
    for row in rows:
        heard[row.language] += row.people
    return dict(heard)


def list_prepared(channel_id: UUID) -> list[Prepared]:
    """The oldest first."""
    rows = PreparedRow.objects.filter(channel_id=channel_id).order_by("made_at", "pk")[:PREPARED_MAX]
    return [
        Prepared(
            id=row.pk,
            question=row.question,
            kind=PollKind(row.kind),
            choices=list(row.choices),
            right=row.right,
            is_result_live=row.is_result_live,
        )
        for row in rows
    ]


def word_list(channel_id: UUID) -> WordList:
    """As the channel left it; all short lists and no words of its own where it never touched it."""
    row = WordListRow.objects.filter(pk=channel_id).first()
    return WordList(list(row.own), list(row.languages)) if row else WordList([], sorted(LISTS))


def listed_words(channel_id: UUID) -> tuple[str, ...]:
    found = word_list(channel_id)
    return (*found.own, *(word for language in found.languages for word in LISTS.get(language, ())))


def _messages(room_id: UUID) -> QuerySet[MessageRow]:
    return MessageRow.objects.filter(room_id=room_id, hidden_at=None).select_related("viewer", "answers_to__viewer")


def _questions_shown(room_id: UUID) -> list[QuestionRow]:
    """The one being answered, then those with a tip, then the most wanted, then what was answered last."""
    rows = QuestionRow.objects.filter(room_id=room_id).select_related("viewer")
    waiting = rows.filter(state__in=[QuestionState.ANSWERING, QuestionState.ASKED]).order_by(
        "state", IsNull(F("tip_minor"), True), "-raised", "pk"
    )
    answered = rows.filter(state=QuestionState.ANSWERED).order_by("-answered_at")
    return [*waiting[:QUESTIONS_SHOWN], *answered[:QUESTIONS_SHOWN]]


def mine_of(room_id: UUID, viewer_id: UUID) -> Mine:
    """What of the room's newest polls and questions is this viewer's."""
    polls = PollRow.objects.filter(room_id=room_id).order_by("-opened_at").values_list("pk", flat=True)[:POLLS_SHOWN]
    votes = VoteRow.objects.filter(viewer_id=viewer_id, poll_id__in=list(polls))
    raised = RaiseRow.objects.filter(viewer_id=viewer_id, question__state=QuestionState.ASKED)
    return Mine(
        votes={str(row.poll_id): list(row.choices) for row in votes},
        raised=list(raised.values_list("question_id", flat=True)[:QUESTIONS_SHOWN]),
    )


def list_bans(channel_id: UUID, limit: int = 50, offset: int = 0) -> list[Ban]:
    """The newest first."""
    rows = BanRow.objects.filter(channel_id=channel_id).order_by("-at", "-pk")[offset : offset + limit]
    return [Ban(row.pk, row.person_id, row.by_id, row.at, row.appeal) for row in rows]


def versions_since(at: datetime) -> dict[UUID, int]:
    """The rooms in which something changed, or somebody came or stayed, since then, and how far each is."""
    lively = RoomRow.objects.filter(Q(changed_at__gte=at) | Q(entered_at__gte=at))
    return dict(lively.order_by("-changed_at").values_list("pk", "version")[:LIVELY_MAX])


def revoked_users(at: datetime) -> dict[str, int]:
    """Users of the broker whose tokens may still live although a ban keeps them out, each with since when it does."""
    bans = BanRow.objects.filter(at__gte=at - TOKEN_LIFE).order_by("-at")
    caught = CaughtRow.objects.filter(at__gte=at - TOKEN_LIFE).order_by("-at")
    met = [
        *bans.values_list("channel_id", "person_id", "at")[:REVOKED_MAX],
        *caught.values_list("ban__channel_id", "person_id", "at")[:REVOKED_MAX],
    ]
    since = {
        (channel_id, person_id): int(at.timestamp()) for channel_id, person_id, at in sorted(met, key=itemgetter(2))
    }
    return {
        user_name(viewer.room_id, viewer.pk): since[viewer.room.channel_id, viewer.person_id]
        for viewer in _viewers_of(person_id for _channel_id, person_id in since)
        if (viewer.room.channel_id, viewer.person_id) in since
    }


def _viewers_of(person_ids: Iterable[UUID]) -> Iterable[ViewerRow]:
    return ViewerRow.objects.filter(person_id__in=list(person_ids)).select_related("room")[:REVOKED_MAX]
