"""What the player's script asks: a screen, a licence, a trailer, and where to tell how far it is. JSON in, JSON out.

The licence and the beats are guarded by their token, not by Django's CSRF token: it is bound to the browser's
session, and travels in the body or the Authorization header, which no other website can send. A start is guarded by
where the request came from.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from footlights.kernel.clock import now
from footlights.kernel.errors import FootlightsError, InvalidInputError, NotAllowedError, NotFoundError
from footlights.playback import api as playback
from footlights.web.watch.browser_session import remember, session_key_for_start, session_keys
from footlights.web.watch.waiting import describe_waiting

MAX_BODY_BYTES = 8_192
View = Callable[..., HttpResponse]


def answers_json(method: Callable[[View], View] = require_POST) -> Callable[[View], View]:
    """Turn what an operation refuses into a status and `{"error": {"code", "message", …}}`, which the player shows."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @method
        @wraps(view)
        def answer(request: HttpRequest, **arguments: UUID | str) -> HttpResponse:
            response = _answer_or_refusal(view, request, **arguments)
            response["Cache-Control"] = "no-store"
            return response

        return answer

    return decorate


def _answer_or_refusal(view: View, request: HttpRequest, **arguments: UUID | str) -> HttpResponse:
    try:
        return view(request, **arguments)
    except playback.NotReadyError as error:
        return _refusal(error, 409, **describe_waiting(error.asset))
    except playback.NoTicketError as error:
        return _refusal(error, 403, reason=error.decision.reason)
    except NotFoundError as error:
        return _refusal(error, 404)
    except NotAllowedError as error:
        return _refusal(error, 403)
    except InvalidInputError as error:
        return _refusal(error, 400)


@answers_json()
def sessions(request: HttpRequest) -> HttpResponse:
    """Start a screen for {"title_id", "replaces"?}."""
    _require_own_page(request)
    body = read_body(request)
    session_key, fresh = session_key_for_start(request)
    session = playback.start_watching(
        viewer_id=request.user.pk,
        session_key=session_key,
        title_id=_uuid(body, "title_id"),
        device=playback.device_name(request.headers.get("User-Agent", "")),
        replaces=_text(body, "replaces") if body.get("replaces") else None,
        at=now(),
    )
    response = JsonResponse(_session_json(session), status=201)
    if fresh:
        remember(response, fresh)
    return response


@answers_json()
def licence(request: HttpRequest) -> HttpResponse:
    """A ClearKey licence for a W3C licence request; the token comes as a bearer token."""
    key_ids = key_ids_of(read_body(request))
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    given = playback.issue_licence(token=token, session_keys=session_keys(request), key_ids=key_ids, at=now())
    return HttpResponse(json.dumps(given), content_type="application/json")


@answers_json(require_safe)
def trailer(request: HttpRequest, title_id: UUID) -> HttpResponse:
    """Where the title's trailer is and who opens it, for everybody who may see the title."""
    url = playback.find_trailer_url(title_id=title_id, viewer_id=request.user.pk, at=now())
    return JsonResponse({"dash_url": url, "licence_url": reverse("watch:trailer_licence", args=[title_id])})


@answers_json()
def trailer_licence(request: HttpRequest, title_id: UUID) -> HttpResponse:
    """A ClearKey licence for the title's trailer, and for nothing else. It needs no token and changes nothing."""
    key_ids = key_ids_of(read_body(request))
    return JsonResponse(
        playback.issue_trailer_licence(title_id=title_id, viewer_id=request.user.pk, key_ids=key_ids, at=now())
    )


@answers_json()
def beats(request: HttpRequest) -> HttpResponse:
    """Take {"token", "sequence", "position_ms", "watched_ms"}."""
    return _beat(request, leaving=False)


@answers_json()
def stop(request: HttpRequest) -> HttpResponse:
    """A last beat of the same form, after which the screen's place is free."""
    return _beat(request, leaving=True)


def _beat(request: HttpRequest, *, leaving: bool) -> HttpResponse:
    body = read_body(request)
    answer = playback.record_beat(
        token=_text(body, "token"),
        session_keys=session_keys(request),
        sequence=_whole(body, "sequence"),
        position_ms=_whole(body, "position_ms"),
        watched_ms=_whole(body, "watched_ms"),
        at=now(),
        leaving=leaving,
    )
    told = {"stop": answer.stop, "message": answer.message, "device": answer.device, "token": answer.token}
    return JsonResponse({name: value for name, value in told.items() if value})


def _session_json(session: playback.WatchSession) -> dict[str, Any]:
    return {
        "token": session.token,
        "dash_url": session.dash_url,
        "hls_url": session.hls_url,
        "licence_url": reverse("watch:licence"),
        "beats_url": reverse("watch:beats"),
        "stop_url": reverse("watch:stop"),
        "beat_every_s": playback.BEAT_EVERY_S,
        "storyboard_url": session.storyboard_url,
        "captions": [
            {"language": track.language, "label": track.label, "url": track.url} for track in session.captions
        ],
        "heights": session.heights,
        "resume_at_ms": session.resume_at_ms,
        "duration_ms": session.duration_ms,
        "audio_only": session.audio_only,
        "still_processing": session.still_processing,
        "displaced_device": session.displaced_device,
    }


def _refusal(error: FootlightsError, status: int, **details: Any) -> JsonResponse:
    return JsonResponse({"error": {"code": error.code, "message": str(error), **details}}, status=status)


def _require_own_page(request: HttpRequest) -> None:
    """Only our own pages may start a screen, or another website could stop a person's other screens."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site not in {None, "same-origin"} or (origin and urlsplit(origin).netloc != request.get_host()):
        raise NotAllowedError(_("Only the player's own page may do this."))
    if request.content_type != "application/json":
        raise InvalidInputError(_("Send JSON."))


def read_body(request: HttpRequest) -> dict[str, Any]:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY_BYTES:
        raise InvalidInputError(_("That is too long."))
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(_("That is not JSON.")) from error
    if not isinstance(body, dict):
        raise InvalidInputError(_("That is not a JSON object."))
    return body


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise InvalidInputError(_("%(name)s is missing.") % {"name": name}, field=name)
    return value


def _whole(body: dict[str, Any], name: str) -> int:
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidInputError(_("%(name)s must be a whole number.") % {"name": name}, field=name)
    return value


def key_ids_of(body: dict[str, Any]) -> list[str]:
    key_ids = body.get("kids")
    if not isinstance(key_ids, list) or not all(isinstance(key_id, str) for key_id in key_ids):
        raise InvalidInputError(_("A licence request lists key ids."), field="kids")
    return key_ids


def _uuid(body: dict[str, Any], name: str) -> UUID:
    try:
        return UUID(_text(body, name))
    except ValueError as error:
        raise InvalidInputError(_("%(name)s is not an id.") % {"name": name}, field=name) from error
