"""What the panel beside a recording asks: what there is, and what was said in one piece of it. JSON out.

Whoever may watch the recording now may read what its room said, and nobody else.
"""

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from footlights.engagement import api as engagement
from footlights.engagement.api import Replay
from footlights.kernel.shared import Shared
from footlights.web.replay.admission import admitted

SAID_FRESH_S = 60.0  # nothing is said any more; what somebody takes back is gone within that
WHOLES_MAX, PIECES_MAX = 200, 1_000
_wholes: Shared[bytes] = Shared(fresh_s=SAID_FRESH_S, stale_s=0, capacity=WHOLES_MAX)
_pieces: Shared[bytes] = Shared(fresh_s=SAID_FRESH_S, stale_s=0, capacity=PIECES_MAX)


@never_cache
@require_safe
@admitted
def whole(_request: HttpRequest, replay: Replay) -> HttpResponse:
    """How talkative the recording is where, the same for everybody."""
    body = _wholes.get(replay.title_id, lambda: msgspec.json.encode(engagement.course_of(replay)))
    return HttpResponse(body, content_type="application/json")


@cache_control(private=True, max_age=int(SAID_FRESH_S))
@require_safe
@admitted
def piece(_request: HttpRequest, replay: Replay, number: int) -> HttpResponse:
    """What was said in one piece. Somebody without a name is called in the reader's language."""
    body = _pieces.get(
        (replay.title_id, number, get_language()), lambda: msgspec.json.encode(engagement.lines_in(replay, number))
    )
    return HttpResponse(body, content_type="application/json")
