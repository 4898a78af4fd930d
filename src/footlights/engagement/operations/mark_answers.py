from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from footlights.catalog.api import MAX_CHAPTER_CHARS, Chapter, WrongStateError, get_title, list_chapters, set_chapters
from footlights.engagement.models import QuestionRow
from footlights.engagement.records import QuestionState
from footlights.engagement.timeline import moment_in
from footlights.kernel.errors import NotFoundError
from footlights.live.events import Part

ANSWERS_MAX = 150


def mark_answers(*, room_subject: str, title_id: UUID, parts: Sequence[Part], at: datetime) -> None:
    """Each question that was answered on stage is a chapter of the recording, beside those it has. Safe to repeat."""
    taken = QuestionRow.objects.filter(
        room__subject=room_subject,
        state__in=[QuestionState.ANSWERING, QuestionState.ANSWERED],
        answering_at__isnull=False,
    ).order_by("answering_at")[:ANSWERS_MAX]
    chapters = [
        Chapter(starts_ms, question.text[:MAX_CHAPTER_CHARS])
        for question in taken
        if question.answering_at and (starts_ms := moment_in(parts, question.answering_at)) is not None
    ]
    if not chapters:
        return
    try:
        title = get_title(title_id)
        together = [*list_chapters(title_id), *chapters]
        set_chapters(title_id=title_id, editor_id=title.owner_id, chapters=together, at=at)
    except (NotFoundError, WrongStateError):  # it was deleted meanwhile
        return
