"""What an ingest asks: who may send, what is on air, how it goes. JSON in, JSON out; its secret is the proof.

The contract is docs/reference/live.md. A body that is not as it says is answered 400.
"""

import base64
from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from footlights.ingest.api import read_secret
from footlights.kernel.clock import now
from footlights.live import api as live

MAX_BODY_BYTES = 8_192


class Publish(msgspec.Struct):
    node: str
    key: str = ""
    camera_pass: str = ""
    gone: str = ""


class Carried(msgspec.Struct):
    node: str


class Beat(msgspec.Struct):
    broadcast: UUID
    node: str
    is_sending: bool
    key_since: str = ""
    health: dict[str, float | None] = {}
    problem: str = ""


class Slate(msgspec.Struct):
    broadcast: UUID


class Closed(msgspec.Struct):
    broadcast: UUID
    node: str


@csrf_exempt  # an ingest has no cookie of ours; its secret is the proof
@require_POST
def answer(request: HttpRequest, question: str) -> JsonResponse:
    """To whoever carries the secret; to everybody else there is no such address."""
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if question not in ANSWERS or not constant_time_compare(sent, read_secret(settings.ENVIRONMENT.secrets)):
        raise Http404
    form, reply = ANSWERS[question]
    if len(request.body) > MAX_BODY_BYTES:
        return _refusal("too_long", "A question is shorter than that.", 400)
    try:
        return JsonResponse(reply(msgspec.json.decode(request.body, type=form)))
    except msgspec.DecodeError as error:
        return _refusal("unreadable", str(error), 400)
    except live.CarriedElsewhereError as error:
        return _refusal(error.code, str(error), 403, node=error.node)
    except live.NotAdmittedError as error:
        return _refusal(error.code, str(error), 403)


def _publish(asked: Publish) -> dict[str, Any]:
    if asked.camera_pass:
        admission = live.admit_camera(camera_pass=asked.camera_pass, node=asked.node, gone=asked.gone, at=now())
    else:
        admission = live.admit_sender(stream_key=asked.key, node=asked.node, gone=asked.gone, at=now())
    return _admission(admission)


def _carried(asked: Carried) -> dict[str, Any]:
    return {"broadcasts": [_admission(each) for each in live.take_over(node=asked.node, at=now())]}


def _beat(asked: Beat) -> dict[str, Any]:
    orders = live.note_beat(
        broadcast_id=asked.broadcast,
        node=asked.node,
        key_since=asked.key_since,
        is_sending=asked.is_sending,
        figures=asked.health,
        problem=asked.problem,
        at=now(),
    )
    return {"state": orders.state.value, "sender_stays": orders.sender_stays}


def _slate(asked: Slate) -> dict[str, Any]:
    return {"picture": base64.b64encode(live.find_slate(asked.broadcast) or b"").decode()}


def _closed(asked: Closed) -> dict[str, Any]:
    live.note_closed(broadcast_id=asked.broadcast, node=asked.node, at=now())
    return {}


ANSWERS: dict[str, tuple[Any, Callable[[Any], dict[str, Any]]]] = {
    "publish": (Publish, _publish),
    "carried": (Carried, _carried),
    "beat": (Beat, _beat),
    "slate": (Slate, _slate),
    "closed": (Closed, _closed),
}


def _admission(admission: live.Admission) -> dict[str, Any]:
    return {
        "broadcast": str(admission.broadcast_id),
        "folder": admission.folder,
        "key_id": admission.key_id,
        "key": admission.key.hex(),
        "key_since": admission.key_since,
        "is_on_air": admission.is_on_air,
        "latency": admission.latency,
        "run_secret": admission.run_secret.hex(),
        "key_lasts_s": admission.key_lasts_s,
    }


def _refusal(code: str, words: str, status: int, **more: str) -> JsonResponse:
    return JsonResponse({"error": {"code": code, "message": words, **more}}, status=status)
