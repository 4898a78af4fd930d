"""What the panel beside a recording asks: what there is, what was said in one piece of it, and one's votes. JSON out.

Whoever may watch the recording now may read what its room said, and nobody else.
"""

from functools import partial
from typing import cast
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe

from footlights.engagement import api as engagement
from footlights.engagement.api import RefusedError, Replay
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.kernel.ids import parse_id
from footlights.kernel.shared import Shared
from footlights.web.replay.admission import admitted, for_team
from footlights.web.rooms.endpoints import speaker_id

WHOLE_FRESH_S = 60.0  # nothing is said any more
PIECE_FRESH_S = 15.0  # once here and once in the browser: after both, what was taken out is gone
POLLS_FRESH_S = 1.0
WHOLES_MAX, PIECES_MAX = 200, 1_000
_wholes: Shared[dict[str, msgspec.Raw]] = Shared(fresh_s=WHOLE_FRESH_S, stale_s=0, capacity=WHOLES_MAX)
_polls: Shared[msgspec.Raw] = Shared(fresh_s=POLLS_FRESH_S, stale_s=0, capacity=WHOLES_MAX)
_pieces: Shared[bytes] = Shared(fresh_s=PIECE_FRESH_S, stale_s=0, capacity=PIECES_MAX)


@never_cache
@require_safe
@admitted
def whole(request: HttpRequest, replay: Replay) -> HttpResponse:
    """How talkative the recording is where, its polls and questions, and what this viewer voted."""
    person_id = speaker_id(request)
    body = msgspec.json.encode(
        _wholes.get((replay.title_id, get_language()), partial(_whole, replay))
        | {
            "polls": _polls.get(replay.title_id, lambda: _raw(engagement.polls_of(replay))),
            "mine": engagement.votes_since(replay, person_id) if person_id else {},
        }
    )
    return HttpResponse(body, content_type="application/json")


@cache_control(private=True, max_age=int(PIECE_FRESH_S))
@require_safe
@admitted
def piece(_request: HttpRequest, replay: Replay, number: int) -> HttpResponse:
    """What was said in one piece. Somebody without a name is called in the reader's language."""
    body = _pieces.get(
        (replay.title_id, number, get_language()), lambda: msgspec.json.encode(engagement.lines_in(replay, number))
    )
    return HttpResponse(body, content_type="application/json")


@never_cache
@require_safe
@for_team
@admitted
def mood(_request: HttpRequest, replay: Replay) -> HttpResponse:
    """How the room felt, for those who look after it, as in the room."""
    return HttpResponse(msgspec.json.encode(engagement.mood_of(replay)), content_type="application/json")


@never_cache
@require_POST
@for_team
@admitted
def taken_out(request: HttpRequest, replay: Replay) -> HttpResponse:
    """Somebody who looks after the room takes a message out."""
    message_id = parse_id(request.POST.get("message", ""))
    if message_id is None:
        raise NotFoundError("There is no such message.")
    engagement.take_out(replay, message_id=message_id, by_id=cast("UUID", request.user.pk), at=now())
    return JsonResponse({})


@never_cache
@require_POST
@admitted
def votes(request: HttpRequest, replay: Replay) -> HttpResponse:
    """Somebody who signed in votes in one of its polls: the poll as it is then, or a refusal's code."""
    person_id = speaker_id(request)
    if person_id is None:
        return JsonResponse({"code": "guest"}, status=403)
    poll_id = parse_id(request.POST.get("poll", ""))
    choices = request.POST.getlist("choice")
    if poll_id is None or not all(each.isascii() and each.isdecimal() and len(each) == 1 for each in choices):
        return JsonResponse({"code": "choice"}, status=400)
    try:
        poll = engagement.vote_since(replay, poll_id=poll_id, person_id=person_id, choices=map(int, choices), at=now())
    except RefusedError as error:
        return JsonResponse({"code": error.code}, status=400)
    return HttpResponse(msgspec.json.encode(poll), content_type="application/json")


def _whole(replay: Replay) -> dict[str, msgspec.Raw]:
    """What is the same for everybody who reads this language."""
    return {"course": _raw(engagement.course_of(replay)), "questions": _raw(engagement.questions_of(replay))}


def _raw(value: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(value))
