"""A room with three people in it: a viewer and a guest on their own, and a moderator who looks after it."""

import pytest
from playwright.sync_api import expect

from footlights.accounts.api import Role
from footlights.accounts.testing import make_person
from footlights.catalog.testing import join_team, make_channel
from footlights.engagement.api import PollKind, open_room, prepare_poll
from footlights.engagement.subjects import Kind
from footlights.engagement.testing import make_viewer, said, take
from footlights.kernel.clock import now
from footlights.web.rooms.subjects import subject_of_channel

pytestmark = [pytest.mark.browser, pytest.mark.service]


def say(page, words):
    page.get_by_label("Your message").fill(words)
    page.get_by_role("button", name="Send").click()


def talk(mo, phone, reader):
    say(mo, "Good evening")
    say(phone, "<b>Hello</b>")
    for page in (mo, phone, reader):
        log = page.get_by_role("log")
        expect(log).to_contain_text("Good evening")
        expect(log).to_contain_text("<b>Hello</b>")
    expect(reader.get_by_role("link", name="Sign in to join in")).to_be_visible()

    mo.get_by_role("button", name="Answer Vera, and more").click()
    mo.get_by_role("button", name="Answer", exact=True).click()
    field = mo.get_by_label("Your message")
    field.press_sequentially("@ve")
    expect(mo.get_by_role("option")).to_have_text(["Vera"])
    field.press("Enter")
    expect(field).to_have_value("@Vera ")
    say(mo, "@Vera welcome")
    expect(phone.locator(".is-to-me")).to_contain_text("Vera: <b>Hello</b>")
    expect(phone.locator(".is-to-me b")).to_have_text("@Vera")
    mo.get_by_role("button", name="Answer Mo, and more").first.click()
    mo.get_by_role("button", name="Pin above the chat").click()
    expect(reader.get_by_text("Pinned")).to_be_visible()


def review(mo, phone, reader, barriers):
    mo.get_by_role("button", name="Who may write, and how").click()
    mo.get_by_label("Before it is shown, the team reads").select_option(label="every message")
    mo.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("The team reads each message before it is shown.")).to_be_visible()
    say(phone, "May I?")
    expect(phone.get_by_text("Thank you. The team reads it first")).to_be_visible()
    mo.get_by_text("Waiting for you: 1").click()
    assert barriers(mo) == []
    mo.get_by_role("button", name="Show it").click()
    expect(reader.get_by_role("log")).to_contain_text("May I?")


BOX = """log => (({ scrollHeight, clientHeight, scrollTop }) => ({
  shown: clientHeight, hidden: scrollHeight - clientHeight, below: scrollHeight - clientHeight - scrollTop
}))(log.closest('[data-part="scroll"]'))"""


def box(page):
    """How high the chat's box is, how much more there is than fits, and how much of that lies below."""
    return page.get_by_role("log").evaluate(BOX)


def reads_the_newest(page):
    """The chat stands at its end, of which no more than a line is out of sight; and there is more than fits."""
    page.wait_for_timeout(300)
    assert box(page)["hidden"] > 30
    assert box(page)["below"] <= 2


def vote(mo, phone, reader):
    reads_the_newest(reader)
    height = box(reader)["shown"]
    mo.get_by_role("tab", name="Polls").click()
    mo.get_by_role("button", name="Yes or no?").click()
    mo.get_by_label("Question", exact=True).fill("Another song?")
    mo.get_by_role("button", name="Start", exact=True).dblclick()
    expect(reader.get_by_role("button", name="Another song?")).to_be_visible()
    expect(mo.locator("[data-part=poll-note]")).to_have_text("")  # nor is it refused as a second one
    reads_the_newest(reader)
    assert box(reader)["shown"] < height
    phone.get_by_role("button", name="Another song?").click()
    phone.get_by_role("radio", name="Yes").check()
    phone.get_by_role("button", name="Vote", exact=True).click()
    expect(mo.get_by_role("article")).to_contain_text("Votes: 1")
    expect(phone.get_by_role("article")).to_contain_text("100 %")
    mo.get_by_role("button", name="Close the poll").click()
    expect(phone.get_by_role("article")).to_contain_text("Closed")
    expect(reader.get_by_role("button", name="Another song?")).to_be_hidden()
    reads_the_newest(reader)
    mo.get_by_role("button", name="Change: When did it begin?").click()
    expect(mo.get_by_label("Question", exact=True)).to_have_value("When did it begin?")
    mo.get_by_role("button", name="Cancel").click()
    mo.get_by_role("button", name="Start: When did it begin?").click()
    expect(phone.get_by_role("article").first).to_contain_text("When did it begin?")
    mo.wait_for_timeout(2_000)  # one does six things at once, then one a second
    mo.get_by_role("button", name="Close the poll").first.click()
    expect(phone.get_by_role("article").first).to_contain_text("Right answer")


def ask(mo, phone, reader, barriers):
    phone.get_by_role("tab", name="Questions").click()
    phone.get_by_label("Your question").fill("How long did it take?")
    phone.get_by_role("button", name="Ask").click()
    mo.get_by_role("tab", name="Questions").click()
    mo.get_by_role("button", name="I want to know this too: 0").click()
    mo.get_by_role("button", name="Answer now").click()
    expect(reader.get_by_text("Being answered now", exact=True)).to_be_visible()
    assert barriers(mo) == []
    mo.get_by_role("tab", name="Chat").click()
    mo.get_by_text("Mood: ").click(timeout=15_000)  # told every ten seconds
    expect(mo.get_by_role("img", name="The mood of the last half hour")).to_be_visible()
    expect(phone.get_by_text("Mood: ")).to_have_count(0)
    assert barriers(mo) == []


def test_people_chat_vote_and_ask_and_who_spoils_it_is_put_out(visit, barriers):
    channel = make_channel(make_person())
    moderator, viewer = make_person(display_name="Mo"), make_person(display_name="Vera")
    join_team(channel, moderator, Role.MODERATOR)
    room = open_room(subject=subject_of_channel(channel.id), channel_id=channel.id, by_id=None, at=now())
    ann = make_viewer(room, make_person(display_name="Ann"))
    take(*(said(room, ann, Kind.SAY, text=f"I was here before you, {number}") for number in range(40)))
    prepare_poll(
        channel_id=channel.id, question="When did it begin?", choices=["Then", "Now"], kind=PollKind.QUIZ, right=1,
        is_result_live=False, at=now(),
    )  # fmt: skip
    staff, vera, guest = visit(moderator), visit(viewer), visit(phone=True)
    mo, phone, reader = (each.open(f"/room/@{channel.handle}") for each in (staff, vera, guest))

    talk(mo, phone, reader)
    review(mo, phone, reader, barriers)
    vote(mo, phone, reader)
    ask(mo, phone, reader, barriers)

    mo.get_by_role("button", name="Answer Vera, and more").first.click()
    mo.get_by_role("button", name="Ban from all rooms of the channel").click()
    expect(phone.get_by_role("status").first).to_contain_text("You were banned")
    expect(reader.get_by_role("log")).not_to_contain_text("Hello")
    phone.reload()
    expect(phone.get_by_role("status").first).to_contain_text("You were banned")
    vera.errors.clear()  # the browser's own line about a refused request
    assert not staff.errors
    assert not guest.errors
