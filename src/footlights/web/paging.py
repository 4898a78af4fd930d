"""One page of a long list: read one row more than is shown, and there is a next page exactly when it came."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest

PER_PAGE = 50
LAST_PAGE = 10_000

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """`base` is the address of its siblings but for their number."""

    rows: Sequence[Row]
    number: int
    has_more: bool
    base: str


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
