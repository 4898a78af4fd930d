"""The page of a channel's room."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from footlights.accounts.api import Permission
from footlights.catalog.api import get_channel_by_handle, may
from footlights.engagement import api as engagement
from footlights.engagement.api import Room
from footlights.web.rooms.endpoints import speaker_id
from footlights.web.rooms.subjects import subject_of_channel


@never_cache
@require_safe
def channel(request: HttpRequest, handle: str) -> HttpResponse:
    """The room, or that it is closed."""
    found = get_channel_by_handle(handle)
    room = engagement.find_room(subject_of_channel(found.id))
    if room is None or not room.is_open:
        may_open = may(speaker_id(request), Permission.MODERATE, found.id)
        return render(request, "rooms/closed.html", {"channel": found, "may_open": may_open}, status=404)
    return render(request, "rooms/channel.html", {"channel": found, **panel_context(request, room)})


def panel_context(request: HttpRequest, room: Room) -> dict[str, object]:
    """What rooms/panel.html shows, wherever it stands."""
    person_id = speaker_id(request)
    return {
        "room": room,
        "may_speak": person_id is not None,
        "may_moderate": may(person_id, Permission.MODERATE, room.channel_id),
        "reactions": engagement.REACTIONS,
        "say_length_max": engagement.SAY_LENGTH_MAX,
        "question_length_max": engagement.QUESTION_LENGTH_MAX,
        "time_outs": [(seconds, seconds // 60) for seconds in engagement.TIME_OUTS_S],
        "slow_choices": engagement.SLOW_CHOICES_S,
    }
