"""The chapters of a title in its editor: added, renamed, moved, removed; and seen where the title plays."""

import pytest
from django.urls import reverse

from footlights.catalog import api as catalog
from footlights.catalog.api import Chapter
from footlights.catalog.testing import make_title
from footlights.kernel.clock import now
from footlights.media.testing import make_ready_asset
from footlights.monetization.testing import make_offer
from footlights.web.studio.chapters_form import moment_words, read_moment

HTMX = {"HX-Request": "true"}
LENGTH_MS = 600_000


@pytest.fixture
def film(channel, creator):
    return make_title(channel, name="A recording", asset_id=make_ready_asset(creator.pk).id, duration_ms=LENGTH_MS)


def send(client, title, rows, *, headers=None, **more):
    starts, names, was = zip(*rows, strict=True) if rows else ((), (), ())
    sent = {"starts": starts, "name": names, "was_ms": was} | more
    return client.post(reverse("studio:title_chapters", args=[title.id]), sent, headers=headers)


def kept(title) -> list[tuple[int, str]]:
    return [(each.starts_ms, each.name) for each in catalog.list_chapters(title.id)]


def give(title, *chapters):
    chapters = [Chapter(*each) for each in chapters]
    catalog.set_chapters(title_id=title.id, editor_id=title.owner_id, chapters=chapters, at=now())


def test_chapters_are_added_renamed_moved_and_removed(as_creator, film):
    give(film, (0, "Beginning"), (75_321, "Part 2"), (300_000, "Part 3"))
    page = as_creator.get(reverse("studio:title", args=[film.id])).content.decode()
    assert 'value="1:15"' in page
    rows = [("0:00", "Welcome", "0"), ("1:15", "Part 2", "75321"), ("5:00", "", "300000"), ("7:30", "Songs", "")]
    answer = send(as_creator, film, rows)
    assert answer["Location"].endswith("#chapters")
    assert kept(film) == [(0, "Welcome"), (75_321, "Part 2"), (450_000, "Songs")]  # what stayed is where it was
    send(as_creator, film, [("0:00", "Welcome", "0"), ("1:16", "Part 2", "75321"), ("7:30", "Songs", "450000")])
    assert kept(film)[1] == (76_000, "Part 2")


def test_one_is_removed_by_its_button_and_the_others_stay(as_creator, film):
    give(film, (0, "Beginning"), (75_321, "Part 2"), (300_000, "Part 3"))
    rows = [("0:00", "Beginning", "0"), ("1:15", "Part 2", "75321"), ("5:00", "Part 3", "300000")]
    part = send(as_creator, film, rows, headers=HTMX, remove="2")
    assert part.status_code == 200
    assert "Part 2" not in part.content.decode()
    assert kept(film) == [(0, "Beginning"), (300_000, "Part 3")]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("soon", "Part 2", "")], "as 1:15 or 1:02:30"),
        ([("", "Part 2", "")], "as 1:15 or 1:02:30"),
        ([("1:75", "Part 2", "")], "as 1:15 or 1:02:30"),
        ([("10:00", "Part 2", "")], "after the end, which is at 10:00"),
        ([("1:00", "One", ""), ("60", "Two", "")], "at the same moment"),
        ([("1:00", "x" * 101, "")], "100 characters"),
        ([(f"0:{n // 60:02}:{n % 60:02}", f"Nr {n}", "") for n in range(201)], "At most 200"),
    ],
)
@pytest.mark.parametrize("headers", [None, HTMX], ids=["plain", "htmx"])
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(as_creator, film, rows, said, headers):
    give(film, (0, "Beginning"), (1_000, "Part 2"))
    answer = send(as_creator, film, rows, headers=headers)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert said in body
    assert all(name in body for _starts, name, _was in rows)
    assert kept(film) == [(0, "Beginning"), (1_000, "Part 2")]


def test_they_are_listed_where_it_plays(as_creator, film):
    make_offer(film, "free")
    send(as_creator, film, [("0:00", "Welcome", ""), ("7:30", "Songs", "")])
    page = as_creator.get(f"{film.path}/watch").content.decode()
    assert 'data-starts="450"' in page
    assert "Songs" in page


def test_strangers_change_none(as_stranger, film):
    give(film, (0, "Beginning"), (1_000, "Part 2"))
    assert send(as_stranger, film, [("0:00", "Mine", "")]).status_code == 404
    assert kept(film)[0] == (0, "Beginning")


def test_a_deleted_title_keeps_its_own(as_creator, film):
    give(film, (0, "Beginning"), (1_000, "Part 2"))
    catalog.delete_title(title_id=film.id, editor_id=film.owner_id, at=now())
    send(as_creator, film, [("0:00", "Late", "")])
    assert kept(film)[0] == (0, "Beginning")


@pytest.mark.parametrize(
    ("typed", "at_ms"),
    [("75", 75_000), ("1:15", 75_000), ("01:02:30", 3_750_000), (" 0:00 ", 0), ("100:00", 6_000_000)]
    + [(wrong, None) for wrong in ("", "-1", "1:60", "1:2:3:4", "1.5", "1:", "٣:00", "999999:00")],
)
def test_a_moment_is_read_as_it_is_written(typed, at_ms):
    assert read_moment(typed) == at_ms
    if at_ms is not None:
        assert read_moment(moment_words(at_ms)) == at_ms
