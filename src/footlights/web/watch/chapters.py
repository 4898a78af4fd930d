"""A title's chapters, as its pages list them, and the moment that a link names."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from footlights.catalog.api import list_chapters

FURTHEST_S = 7 * 24 * 3_600


@dataclass(frozen=True, slots=True)
class Line:
    """`starts_s` is rounded down, so that its link misses nothing."""

    starts_s: int
    starts_ms: int
    name: str


def chapter_lines(title_id: UUID) -> list[Line]:
    """None for what is one piece. One query."""
    found = [Line(each.starts_ms // 1_000, each.starts_ms, each.name) for each in list_chapters(title_id)]
    return found if len(found) > 1 else []


def asked_moment_s(request: HttpRequest) -> int | None:
    """Where a link such as /watch?t=75 begins, in seconds."""
    asked = request.GET.get("t", "")
    return (
        min(int(asked), FURTHEST_S) if asked.isascii() and asked.isdecimal() and len(asked) < len("10000000") else None
    )
