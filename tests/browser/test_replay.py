"""A recording plays, and beside it what was said while it was live, each word at its moment."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from tests.browser.watching import until, watch

from footlights.accounts.testing import make_person
from footlights.catalog.api import get_channel
from footlights.engagement.subjects import Kind
from footlights.engagement.testing import BEGAN, make_replay, make_room, make_viewer, said, take
from footlights.live.events import Part

pytestmark = [pytest.mark.browser, pytest.mark.service, pytest.mark.media]


@pytest.fixture
def recording(film):
    """The film, as if it were a broadcast's recording, whose room said something now and then."""
    room = make_room(get_channel(film.channel_id))
    vera = make_viewer(room, make_person(display_name="Vera"))
    for after_s, text in ((-60, "Is it on?"), (0.2, "There they are"), (2.5, "What a light"), (90, "Bye")):
        take(said(room, vera, Kind.SAY, text=text), at=BEGAN + timedelta(seconds=after_s))
    make_replay(room, film.id, [Part(BEGAN.timestamp(), 0, film.duration_ms)])
    return film


def test_each_word_stands_at_its_moment_also_after_a_jump_and_at_another_speed(recording, viewer, visit, barriers):
    page = watch(visit(viewer), recording)
    said_then = page.get_by_role("region", name="Messages up to this moment")
    expect(said_then).to_contain_text("Is it on?")
    expect(said_then).to_contain_text("There they are")
    expect(said_then).to_contain_text("What a light")
    assert page.evaluate("document.querySelector('video').currentTime") >= 2.4
    expect(said_then).not_to_contain_text("Bye")
    page.evaluate("document.querySelector('video').pause()")
    assert barriers(page) == []

    page.evaluate("document.querySelector('video').currentTime = 1")
    expect(said_then).not_to_contain_text("What a light")
    expect(said_then).to_contain_text("There they are")
    page.evaluate("Object.assign(document.querySelector('video'), { playbackRate: 2 }).play()")
    expect(said_then).to_contain_text("Bye")
    until(page, "video.currentTime > video.duration - 1")

    page.get_by_role("button", name="Hide the conversation").press("Enter")
    expect(said_then).to_be_hidden()
    page.reload()
    page.get_by_role("button", name="Show the conversation").press("Enter")
    expect(said_then).to_be_visible()
