"""What was answered beside a broadcast is found again in its recording."""

from footlights.catalog.api import Chapter, list_chapters, set_chapters
from footlights.catalog.testing import make_title
from footlights.engagement.operations.mark_answers import mark_answers
from footlights.engagement.subjects import Kind
from footlights.engagement.testing import said, take, told
from footlights.kernel.clock import now
from footlights.live.events import Part


def test_what_was_answered_is_a_chapter_and_what_was_only_asked_is_none(cast):
    texts = ("How long did it take?", "Why?")
    [change] = told(take(*(said(cast.room, cast.viewer_id, Kind.ASK, text=text) for text in texts)))
    [taken] = [each["id"] for each in change["questions"] if each["text"] == texts[0]]
    at = now().replace(microsecond=0)
    take(said(cast.room, cast.moderator_id, Kind.STAFF, act="answering", question=taken), at=at)
    title = make_title(cast.channel)
    beginning = Chapter(0, "Beginning")
    set_chapters(title_id=title.id, editor_id=cast.creator.id, chapters=[beginning], at=at)
    parts = [Part(at.timestamp() - 10, starts_ms=0, length_ms=60_000)]
    for _twice in range(2):
        mark_answers(room_subject=cast.room.subject, title_id=title.id, parts=parts, at=at)
    assert list_chapters(title.id) == [beginning, Chapter(10_000, texts[0])]
