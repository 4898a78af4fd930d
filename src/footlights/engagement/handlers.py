"""What others tell us. Each may come twice, or late."""

from footlights.catalog.events import FileReplaced
from footlights.engagement.jobs import close_room
from footlights.engagement.operations.keep_replay import keep_replay
from footlights.engagement.operations.leave_replaced import leave_replaced
from footlights.engagement.operations.mark_answers import mark_answers
from footlights.engagement.operations.note_method import note_method
from footlights.engagement.operations.note_tip import note_tip, note_tip_returned
from footlights.engagement.policies import LINGER, subject_of_broadcast
from footlights.engagement.queries import find_room
from footlights.giving.events import TipGiven, TipReturned
from footlights.kernel.clock import now
from footlights.kernel.events import subscribe
from footlights.live.events import BroadcastOver, RecordingBegun
from footlights.payments.events import PaidWith


@subscribe(TipGiven)
def let_the_room_hear(event: TipGiven) -> None:
    note_tip(event)


@subscribe(TipReturned)
def take_it_down(event: TipReturned) -> None:
    note_tip_returned(event)


@subscribe(PaidWith)
def know_the_banned_by_how_they_pay(event: PaidWith) -> None:
    note_method(person_id=event.payer_id, digest=bytes.fromhex(event.digest), at=now())


@subscribe(BroadcastOver)
def end_room(event: BroadcastOver) -> None:
    """Once everybody has seen the end and said goodbye."""
    if room := find_room(subject_of_broadcast(event.broadcast_id)):
        close_room.configure(schedule_at=event.at + LINGER).defer(room_id=str(room.id))


@subscribe(RecordingBegun)
def mark_what_was_answered(event: RecordingBegun) -> None:
    subject = subject_of_broadcast(event.broadcast_id)
    mark_answers(room_subject=subject, title_id=event.title_id, parts=event.parts, at=event.at)


@subscribe(RecordingBegun)
def play_it_again(event: RecordingBegun) -> None:
    keep_replay(room_subject=subject_of_broadcast(event.broadcast_id), title_id=event.title_id, parts=event.parts)


@subscribe(FileReplaced)
def leave_another_film_alone(event: FileReplaced) -> None:
    leave_replaced(title_id=event.title_id, at=event.at)
