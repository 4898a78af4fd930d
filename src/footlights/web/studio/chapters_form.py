"""A title's chapters: rows of a moment and a name, as they were typed. A row without a name is none."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from footlights.catalog.api import MAX_CHAPTERS, Chapter

EMPTY_ROWS = 3
PLACES = 3  # hours, minutes, seconds
SIXTY, SECOND_MS = 60, 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """`was_ms`: where it began when the page was made, which its moment shows without what is below a second."""

    number: int
    starts: str = ""
    name: str = ""
    was_ms: str = ""


class ChaptersForm(forms.Form):
    """`rows` are shown again as they were typed; `chapters` are what they say."""

    def __init__(self, sent: QueryDict | None = None, *, chapters: Iterable[Chapter] = (), length_ms: int = 0) -> None:
        super().__init__(sent)
        self.length_ms = length_ms
        self.chapters: list[Chapter] = []
        if sent is None:
            kept = [(moment_words(each.starts_ms), each.name, str(each.starts_ms)) for each in chapters]
        else:
            lists = (sent.getlist(name)[: MAX_CHAPTERS + EMPTY_ROWS] for name in ("starts", "name", "was_ms"))
            kept = [row for row in zip(*lists, strict=False) if row[0].strip() or row[1].strip()]
            if (taken := sent.get("remove", "")).isdecimal():
                kept = kept[: int(taken) - 1] + kept[int(taken) :]
        typed = [*kept, *[("", "", "")] * EMPTY_ROWS]
        self.rows = [Row(number, *row) for number, row in enumerate(typed, 1)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for row in self.rows:
            if row.name.strip():
                self.chapters.append(Chapter(self._moment(row), row.name))
        begins = [each.starts_ms // SECOND_MS for each in self.chapters]
        if len(set(begins)) < len(begins):
            raise forms.ValidationError(_("Two chapters begin at the same moment. Move one of them."))
        return cleaned

    def _moment(self, row: Row) -> int:
        """In milliseconds. Raises ValidationError."""
        starts_ms = read_moment(row.starts)
        if starts_ms is None:
            raise forms.ValidationError(
                _("Write when “%(name)s” begins as 1:15 or 1:02:30.") % {"name": row.name.strip()[:60]}
            )
        if self.length_ms and starts_ms >= self.length_ms:
            raise forms.ValidationError(
                _("“%(name)s” would begin after the end, which is at %(end)s.")
                % {"name": row.name.strip()[:60], "end": moment_words(self.length_ms)}
            )
        if row.was_ms.isdecimal() and int(row.was_ms) // SECOND_MS == starts_ms // SECOND_MS:
            return int(row.was_ms)
        return starts_ms


def moment_words(at_ms: int) -> str:
    """75,321 → 1:15, 3,750,000 → 1:02:30: rounded down, so that a link there misses nothing."""
    minutes, seconds = divmod(at_ms // SECOND_MS, SIXTY)
    hours, minutes = divmod(minutes, SIXTY)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def read_moment(typed: str) -> int | None:
    """1:15, 1:02:30 or 75 (seconds), in milliseconds; None for what is no moment."""
    parts = typed.strip().split(":")
    if len(parts) > PLACES or not all(
        part.isascii() and part.isdecimal() and len(part) <= len("99999") for part in parts
    ):
        return None
    if any(int(part) >= SIXTY for part in parts[1:]):
        return None
    seconds = 0
    for part in parts:
        seconds = seconds * SIXTY + int(part)
    return seconds * SECOND_MS
