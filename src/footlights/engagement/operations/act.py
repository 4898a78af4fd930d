"""What whoever looks after a room does in it. Joins the transaction that holds the room; each act goes to the trail."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import asdict

from footlights.audit.api import Act, record
from footlights.engagement import policies, wire
from footlights.engagement.errors import RefusedError
from footlights.engagement.models import BanRow, MessageRow, PollRow, QuestionRow, ViewerRow
from footlights.engagement.operations.catch import catch
from footlights.engagement.operations.floor import Floor
from footlights.engagement.records import HeldFor, PollKind, PollState, QuestionState, Rules
from footlights.payments.api import list_fingerprints, list_payers

CAUGHT_MAX = 100  # on one device


def act(floor: Floor, spoken: list[tuple[UUID, Any]]) -> None:
    """Do each in turn, if the person may (a role can be lost while a token lives). Done twice is done once."""
    for viewer_id, body in spoken:
        try:
            viewer = floor.viewer(viewer_id)
            if not floor.is_staff(viewer):
                raise RefusedError("staff")  # noqa: TRY301  answered below as any other refusal
            _ACTS[type(body)](floor, viewer, body)
        except RefusedError as error:
            floor.answer(viewer_id, body.key, refused=error.code)
        else:
            floor.answer(viewer_id, body.key)


def _open_poll(floor: Floor, viewer: ViewerRow, body: wire.OpenPoll) -> None:
    identifier = policies.own_id(viewer.pk, body.key)
    if PollRow.objects.filter(pk=identifier).exists():
        return
    question, choices, right = policies.check_poll(body.question, body.choices, kind=body.kind, right=body.right)
    if any(row.state == PollState.OPEN for row in _open_polls(floor)):
        raise RefusedError("open")
    row = PollRow.objects.create(
        id=identifier,
        room=floor.room,
        question=question,
        kind=body.kind,
        state=PollState.OPEN,
        choices=choices,
        counts=[0] * len(choices),
        is_result_live=body.is_result_live and body.kind is not PollKind.QUIZ,
        right=right,
        opened_at=floor.at,
        closes_at=floor.at + timedelta(seconds=body.seconds) if body.seconds else None,
    )
    floor.polls[row.pk] = row
    _tell(Act.POLL_OPENED, floor, viewer, row.pk)


def _close_poll(floor: Floor, viewer: ViewerRow, body: wire.ClosePoll) -> None:
    row = floor.polls.get(body.poll) or PollRow.objects.filter(room=floor.room, pk=body.poll).first()
    if row is None:
        raise RefusedError("gone")
    if row.state == PollState.OPEN:
        row.state, row.closed_at = PollState.CLOSED, floor.at
        row.save(update_fields=["state", "closed_at"])
        floor.polls[row.pk] = row
        _tell(Act.POLL_CLOSED, floor, viewer, row.pk)


def _open_polls(floor: Floor) -> list[PollRow]:
    found = PollRow.objects.filter(room=floor.room, state=PollState.OPEN).exclude(pk__in=floor.polls)
    return [*found, *floor.polls.values()]


def _hide(floor: Floor, viewer: ViewerRow, body: wire.Hide) -> None:
    row = _message(floor, body.message)
    if row.hidden_at is None:
        floor.hide([row], by_id=viewer.person_id)
        _tell(Act.MESSAGE_HIDDEN, floor, viewer, row.pk, row.viewer.person_id)


def _show(floor: Floor, viewer: ViewerRow, body: wire.Show) -> None:
    row = _message(floor, body.message)
    if row.hidden_at is not None:
        raise RefusedError("gone")
    if row.held_for:
        row.held_for, row.said_at = HeldFor.NOTHING, floor.at
        row.save(update_fields=["held_for", "said_at"])
        floor.held = [each for each in floor.held if each.pk != row.pk]
        floor.said.append(row)
        floor.done.append(row.pk)
        _tell(Act.MESSAGE_SHOWN, floor, viewer, row.pk, row.viewer.person_id)


def _pin(floor: Floor, viewer: ViewerRow, body: wire.Pin) -> None:
    row = _message(floor, body.message) if body.message else None
    if row and (row.hidden_at or row.held_for):
        raise RefusedError("gone")
    if floor.room.pinned_id != (row and row.pk):
        floor.pin(row)
        _tell(Act.ROOM_CHANGED, floor, viewer, floor.room.pk, pinned=row.pk.hex if row else "")


def _message(floor: Floor, message_id: UUID) -> MessageRow:
    rows = MessageRow.objects.select_related("viewer", "answers_to__viewer")
    row = rows.filter(room=floor.room, pk=message_id).first()
    if row is None:
        raise RefusedError("gone")
    return row


def _silence(floor: Floor, viewer: ViewerRow, body: wire.Silence) -> None:
    whom = _somebody(floor, body.viewer)
    whom.silent_until = floor.at + timedelta(seconds=body.seconds)
    whom.save(update_fields=["silent_until"])
    if whom.pk in floor.viewers:
        floor.viewers[whom.pk].silent_until = whom.silent_until
    _tell(Act.VIEWER_SILENCED, floor, viewer, whom.pk, whom.person_id)


def _ban(floor: Floor, viewer: ViewerRow, body: wire.Ban) -> None:
    whom = _somebody(floor, body.viewer)
    row, is_new = BanRow.objects.get_or_create(
        channel_id=floor.room.channel_id,
        person_id=whom.person_id,
        defaults={
            "by_id": viewer.person_id,
            "at": floor.at,
            "device": whom.device,
            "network": whom.network,
            "methods": list_fingerprints(whom.person_id),
        },
    )
    if is_new:
        floor.banned.add(whom.person_id)
        floor.hide(list(MessageRow.objects.filter(viewer=whom, hidden_at=None)), by_id=viewer.person_id)
        _tell(Act.VIEWER_BANNED, floor, viewer, whom.pk, whom.person_id)
        catch(row, _others_like(whom, row), at=floor.at)
    floor.expelled.append(whom.pk)


def _others_like(whom: ViewerRow, ban: BanRow) -> list[UUID]:
    """Who may be in the channel's rooms with the device that the ban is for, or paid with what it is for."""
    rooms = ViewerRow.objects.filter(room__channel_id=ban.channel_id, room__closed_at=None)
    there = rooms.filter(device=whom.device) if whom.device else rooms.none()
    paid = list_payers([bytes(each) for each in ban.methods])
    return [*there.values_list("person_id", flat=True)[:CAUGHT_MAX], *paid]


def _somebody(floor: Floor, viewer_id: UUID) -> ViewerRow:
    """Whom it is about; never one of those who look after the room."""
    row = ViewerRow.objects.filter(room=floor.room, pk=viewer_id).first()
    if row is None:
        raise RefusedError("gone")
    if floor.is_staff(row):
        raise RefusedError("colleague")
    return row


def _set_rules(floor: Floor, viewer: ViewerRow, body: wire.SetRules) -> None:
    rules = Rules(slow_s=body.slow_s, speakers=body.speakers, links=body.links, review=body.review)
    if floor.room.to_rules() != rules:
        floor.rules = rules
        for name, value in asdict(rules).items():
            setattr(floor.room, name, value)
        _tell(Act.ROOM_CHANGED, floor, viewer, floor.room.pk, **asdict(rules))


def _answering(floor: Floor, viewer: ViewerRow, body: wire.Answering) -> None:
    """This one now; the one before it was answered."""
    row = _question(floor, body.question)
    now_on = QuestionRow.objects.select_related("viewer").filter(room=floor.room, state=QuestionState.ANSWERING)
    for other in now_on.exclude(pk=row.pk):
        _set_question(floor, other, QuestionState.ANSWERED)
    if row.state != QuestionState.ANSWERING:
        _set_question(floor, row, QuestionState.ANSWERING)
        _tell(Act.QUESTION_TAKEN, floor, viewer, row.pk)


def _answered(floor: Floor, _viewer: ViewerRow, body: wire.Answered) -> None:
    row = _question(floor, body.question)
    if row.state != QuestionState.ANSWERED:
        _set_question(floor, row, QuestionState.ANSWERED)


def _hide_question(floor: Floor, viewer: ViewerRow, body: wire.HideQuestion) -> None:
    row = _question(floor, body.question)
    _set_question(floor, row, QuestionState.HIDDEN)
    _tell(Act.QUESTION_HIDDEN, floor, viewer, row.pk, row.viewer.person_id)


def _question(floor: Floor, question_id: UUID) -> QuestionRow:
    found = QuestionRow.objects.select_related("viewer").filter(room=floor.room, pk=question_id)
    row = floor.questions.get(question_id) or found.first()
    if row is None or row.state == QuestionState.HIDDEN:
        raise RefusedError("gone")
    return row


def _set_question(floor: Floor, row: QuestionRow, state: QuestionState) -> None:
    row.state = state
    if state is QuestionState.ANSWERING:
        row.answering_at = floor.at
    if state is QuestionState.ANSWERED:
        row.answered_at = floor.at
    row.save(update_fields=["state", "answering_at", "answered_at"])
    floor.questions[row.pk] = row


def _tell(what: Act, floor: Floor, viewer: ViewerRow, subject: UUID, *persons: UUID, **after: Any) -> None:
    record(
        act=what,
        object_kind=what.value.partition(".")[0],
        object_id=subject,
        actor_id=viewer.person_id,
        channel_id=floor.room.channel_id,
        person_ids=persons,
        after={"room": floor.room.subject, **after},
    )


_ACTS: dict[type[Any], Callable[[Floor, ViewerRow, Any], None]] = {
    wire.OpenPoll: _open_poll,
    wire.ClosePoll: _close_poll,
    wire.Hide: _hide,
    wire.Show: _show,
    wire.Pin: _pin,
    wire.Silence: _silence,
    wire.Ban: _ban,
    wire.SetRules: _set_rules,
    wire.Answering: _answering,
    wire.Answered: _answered,
    wire.HideQuestion: _hide_question,
}
