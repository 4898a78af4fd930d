"""Who is looking, without asking the database again within a few seconds.

For what the storefront shows a person about themselves. A session that somebody ends elsewhere keeps its storefront
rows for as long as FRESH_S; nothing is allowed or sold by this: those ask the session itself.
"""

from uuid import UUID

from django.http import HttpRequest

from footlights.kernel.shared import Shared

FRESH_S = 5.0

_known: Shared[UUID | None] = Shared(fresh_s=FRESH_S, stale_s=0, capacity=20_000)


def viewer_id_of(request: HttpRequest) -> UUID | None:
    """None without a session cookie, and for one that is nobody's."""
    key = request.session.session_key  # as the cookie says; asks nobody yet
    return _known.get(key, lambda: request.user.pk if request.user.is_authenticated else None) if key else None
