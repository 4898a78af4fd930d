"""Lists: what was asked for, and one page of it. Read one row more than is shown: if it came, there is a next page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest

PER_PAGE = 50
LAST_PAGE = 10_000
MAX_ASKED = 200

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """`base` is the address of its siblings but for their number."""

    rows: Sequence[Row]
    number: int
    has_more: bool
    base: str


def asked_in(request: HttpRequest, name: str = "q") -> str:
    """What somebody searches for, no longer than anybody would type and without what PostgreSQL cannot hold."""
    return request.GET.get(name, "").replace("\x00", "")[:MAX_ASKED].strip()


def number_of(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return min(max(int(text), 1), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 6 else 1  # noqa: PLR2004


def page_of(
    request: HttpRequest, rows: Sequence[Row], *, per_page: int = PER_PAGE, has_more: bool | None = None
) -> Page[Row]:
    """The page of `rows`, of which the caller asked for one too many (or says itself whether there are more)."""
    kept = {name: value for name, value in request.GET.items() if name != "page" and value}
    more = len(rows) > per_page if has_more is None else has_more
    return Page(rows[:per_page], number_of(request), more, f"?{urlencode({**kept, 'page': ''})}")
