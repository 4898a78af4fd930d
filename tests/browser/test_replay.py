"""A recording plays, and beside it what was said while it was live, each word at its moment."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from tests.browser.watching import until, video, watch

from footlights.accounts.api import Role
from footlights.accounts.models import User
from footlights.accounts.testing import make_person
from footlights.catalog.api import get_channel
from footlights.catalog.testing import join_team
from footlights.engagement.mood.models import MoodRow
from footlights.engagement.subjects import Kind
from footlights.engagement.testing import BEGAN, make_replay, make_room, make_viewer, said, take, told
from footlights.live.events import Part

pytestmark = [pytest.mark.browser, pytest.mark.service, pytest.mark.media]


@pytest.fixture
def recording(film):
    """The film, as if it were a broadcast's recording: people wrote, voted and asked beside it."""
    room = make_room(get_channel(film.channel_id))
    maya, vera = (make_person(display_name=name) for name in ("Maya", "Vera"))
    join_team(get_channel(film.channel_id), maya, Role.MODERATOR)
    maya, vera = make_viewer(room, maya), make_viewer(room, vera)

    def do(who, kind, after_s, **body):
        [change] = told(take(said(room, who, kind, **body), at=BEGAN + timedelta(seconds=after_s)))
        return change

    for after_s, text in ((-60, "Is it on?"), (0.2, "There they are"), (2.5, "What a light"), (90, "Bye")):
        do(vera, Kind.SAY, after_s, text=text)
    asked = do(vera, Kind.ASK, 1, text="Where is it?")["questions"][0]["id"]
    do(maya, Kind.STAFF, 3, act="answering", question=asked)
    do(maya, Kind.STAFF, 4, act="answered", question=asked)
    choices = ["The lamp", "The sea"]
    poll = do(maya, Kind.STAFF, 1.5, act="open-poll", question="What to see first?", choices=choices)["polls"][0]["id"]
    do(vera, Kind.VOTE, 2, poll=poll, choices=[1])
    do(maya, Kind.STAFF, 5, act="close-poll", poll=poll)
    MoodRow.objects.create(room_id=room.id, at=BEGAN, people=20, warm=16, cold=4)
    make_replay(room, film.id, [Part(BEGAN.timestamp(), 0, film.duration_ms)])
    return film


def seek(page, seconds):
    page.evaluate(f"document.querySelector('video').currentTime = {seconds}")


def test_each_word_stands_at_its_moment_also_after_a_jump_and_at_another_speed(recording, viewer, visit, barriers):
    page = watch(visit(viewer), recording)
    messages = page.get_by_role("region", name="Messages up to this moment")
    expect(messages).to_contain_text("Is it on?")
    expect(messages).to_contain_text("There they are")
    expect(messages).to_contain_text("What a light")
    assert video(page, "currentTime") >= 2.4
    expect(messages).not_to_contain_text("Bye")
    page.evaluate("document.querySelector('video').pause()")
    assert barriers(page) == []

    seek(page, 1)
    expect(messages).not_to_contain_text("What a light")
    expect(messages).to_contain_text("There they are")
    page.evaluate("Object.assign(document.querySelector('video'), { playbackRate: 2 }).play()")
    expect(messages).to_contain_text("Bye")
    until(page, "video.currentTime > video.duration - 1")

    page.get_by_role("button", name="Hide the conversation").press("Enter")
    expect(messages).to_be_hidden()
    page.reload()
    page.get_by_role("button", name="Show the conversation").press("Enter")
    expect(messages).to_be_visible()


def test_a_poll_comes_at_its_moment_is_voted_in_and_answers_are_jumped_to(recording, viewer, visit, barriers):
    page = watch(visit(viewer, phone=True), recording)
    call = page.get_by_role("button", name="What to see first?")
    expect(call).to_be_visible()
    page.evaluate("document.querySelector('video').pause()")
    assert video(page, "currentTime") >= 1.4
    seek(page, 0.5)
    expect(call).to_be_hidden()
    seek(page, 3.5)
    expect(page.get_by_text("Being answered now")).to_be_visible()
    call.press("Enter")
    poll = page.get_by_role("article")
    expect(poll.get_by_text("Live 100 %")).to_be_hidden()
    poll.get_by_role("radio", name="The lamp").press(" ")
    poll.get_by_role("button", name="Vote").press("Enter")
    expect(poll).to_contain_text("Votes live: 1, since then: 1")
    expect(poll.locator("label", has_text="The lamp")).to_contain_text("Live 0 %Since 100 %")
    expect(poll.locator("label", has_text="The sea")).to_contain_text("Live 100 %Since 0 %")
    assert barriers(page) == []

    page.get_by_role("tab", name="Questions").press("Enter")
    assert barriers(page) == []
    page.get_by_role("link", name="Watch the answer at 0:03").press("Enter")
    until(page, "Math.abs(video.currentTime - 3) < 1 && !video.paused")

    page.reload()
    page.get_by_role("tab", name="Polls").click()
    seek(page, 3.5)
    expect(page.get_by_role("article")).to_contain_text("since then: 1")
    expect(page.get_by_role("radio", name="The lamp")).to_be_checked()


def test_who_looks_after_the_room_sees_its_mood_along_the_film_and_nobody_else_does(recording, viewer, visit, barriers):
    creator = User.objects.get(pk=get_channel(recording.channel_id).owner_id)
    page = watch(visit(creator), recording)
    page.evaluate("document.querySelector('video').pause()")
    seek(page, recording.duration_ms / 1_000 - 0.2)
    page.get_by_text("Mood here: 75 of 100 warm").click()
    expect(page.get_by_role("img", name="The mood along the recording")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("button", name="What to do about the message of Vera").last.click()
    expect(page.get_by_role("dialog")).to_contain_text("Bye")
    assert barriers(page) == []
    page.get_by_role("button", name="Take this message out").press("Enter")
    expect(page.get_by_role("region", name="Messages up to this moment")).not_to_contain_text("Bye")
    expect(page.get_by_role("region", name="Messages up to this moment")).to_contain_text("What a light")
    other = watch(visit(viewer), recording)
    expect(other.get_by_role("region", name="Messages up to this moment")).to_contain_text("There they are")
    expect(other.get_by_text("Mood here")).to_have_count(0)
    expect(other.get_by_role("button", name="What to do about the message of Vera")).to_have_count(0)


def test_what_does_not_arrive_says_so_and_comes_when_one_asks_again(recording, viewer, visit, barriers):
    visitor = visit(viewer)
    visitor.context.route("**/replay/*/*", lambda route: route.abort())
    page = watch(visitor, recording)
    expect(page.get_by_text("The conversation did not reach us.")).to_be_visible()
    page.evaluate("document.querySelector('video').pause()")
    assert barriers(page) == []
    visitor.context.unroute("**/replay/*/*")
    page.get_by_role("button", name="Try again").press("Enter")
    expect(page.get_by_role("region", name="Messages up to this moment")).to_contain_text("There they are")
    expect(page.get_by_text("The conversation did not reach us.")).to_be_hidden()
    visitor.errors.clear()  # the browser's own lines about requests that failed
