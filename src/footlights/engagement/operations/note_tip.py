"""The money of a tip is there, or went back: its room is to hear of it."""

from footlights.engagement.models import GivenRow, RoomRow
from footlights.engagement.policies import QUESTION_LENGTH_MAX, tip_place
from footlights.giving.api import was_tip_returned
from footlights.giving.events import TipGiven, TipReturned


def note_tip(event: TipGiven) -> None:
    """Leave it for the room process: in the room it was given in, else in the channel's that changed last. Once."""
    if was_tip_returned(event.tip_id):  # the news of that came first
        return
    place = tip_place(event.about)
    of_channel = RoomRow.objects.filter(channel_id=event.channel_id)
    room = (
        of_channel.filter(pk=place.room_id).first()
        if place
        else of_channel.filter(closed_at=None).order_by("-changed_at").first()
    )
    if room is None:
        return
    GivenRow.objects.get_or_create(
        id=event.tip_id,
        defaults={
            "room": room,
            "person_id": event.giver_id,
            "is_question": bool(place and place.is_question),
            "amount_minor": event.amount.amount_minor,
            "currency": event.amount.currency,
            "text": event.message[:QUESTION_LENGTH_MAX],
            "at": event.at,
            "is_settled": not (place and place.is_question),
        },
    )


def note_tip_returned(event: TipReturned) -> None:
    """Leave it for the room process, once. A refund that fails later changes nothing: the team may show it again."""
    GivenRow.objects.filter(pk=event.tip_id, returned_at=None).update(returned_at=event.at, heard_at=None)
