"""What a room's script asks: to be let in, every few minutes, for the room as it is, and to be let back. JSON out."""

from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from footlights.engagement import api as engagement
from footlights.engagement.api import BannedError, RefusedError
from footlights.kernel.clock import now
from footlights.kernel.shared import Shared
from footlights.web.rooms.device import came, remember
from footlights.web.rooms.subjects import require_admitted

STATE_FRESH_S, ROOMS_MAX = 1.0, 500
_states: Shared[tuple[engagement.Room, bytes]] = Shared(fresh_s=STATE_FRESH_S, stale_s=0, capacity=ROOMS_MAX)


@never_cache
@require_POST
def entry(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """A token for the broker, for whoever may be here; a guest is known by a cookie of their browser."""
    room = engagement.get_room(room_id)
    require_admitted(room, request.user.pk)
    who = came(request)
    response: HttpResponse
    try:
        given = engagement.enter_room(room, person_id=speaker_id(request), came=who, at=now())
        response = HttpResponse(msgspec.json.encode(given), content_type="application/json")
    except BannedError as error:
        response = JsonResponse({"code": error.code, "message": str(error)}, status=403)
    remember(response, who)
    return response


@never_cache
@require_POST
def appeal(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """Somebody who was banned asks to be let back."""
    room = engagement.get_room(room_id)
    require_admitted(room, request.user.pk)
    try:
        engagement.appeal(
            room, person_id=speaker_id(request), came=came(request), text=request.POST.get("text", ""), at=now()
        )
    except RefusedError as error:
        return JsonResponse({"code": error.code}, status=400)
    return JsonResponse({})


@never_cache
@require_safe
def state(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """The room as it is, the same for everybody in it: made once a second, however many ask."""
    room, body = _states.get(room_id, lambda: _state(room_id))
    require_admitted(room, request.user.pk)
    return HttpResponse(body, content_type="application/json")


def speaker_id(request: HttpRequest) -> UUID | None:
    """Whoever has an account of their own; somebody who came to the till with an address they have not proved reads."""
    return None if getattr(request.user, "is_guest", False) else request.user.pk


def _state(room_id: UUID) -> tuple[engagement.Room, bytes]:
    return engagement.get_room(room_id), msgspec.json.encode(engagement.snapshot(room_id))
