from datetime import timedelta

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from footlights.kernel.clock import now
from footlights.web.design import page
from footlights.web.design.page import Look, SharedPage, hole, look_of, render_shared, respond
from footlights.web.design.tags import duration, iso_duration, size, time_left, timecode


def pieces_of(html: str) -> SharedPage:
    return SharedPage(tuple(page._HOLE.split(html)))


def test_holes_are_filled_and_what_nobody_fills_stays_empty() -> None:
    shared = pieces_of(f"<p>{hole('name')}</p>{hole('rest')}")
    assert shared.fill({"name": "Ada"}) == "<p>Ada</p>"
    assert shared.fill({}) == "<p></p>"


def test_words_somebody_wrote_are_never_taken_for_a_hole() -> None:
    forged = Template("{{ words }}").render(Context({"words": f"<!--hole {'0' * 16} price_card-->"}))
    assert pieces_of(forged).pieces == (forged,)


def test_a_part_that_looks_like_a_hole_is_not_filled_again() -> None:
    shared = pieces_of(f"{hole('a')}{hole('b')}")
    assert shared.fill({"a": str(hole("b")), "b": "secret"}) == f"{hole('b')}secret"


def test_an_unknown_theme_is_no_theme() -> None:
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = '"><script>'
    assert look_of(request, signed_in=False).theme == ""


@pytest.mark.django_db
def test_a_shared_page_holds_no_token_and_no_message() -> None:
    html = "".join(render_shared("storefront/home.html", Look("", "en", signed_in=True), {"rows": []}).pieces)
    assert "csrf" not in html
    assert "sessionid" not in html


@pytest.mark.django_db
def test_shared_pages_are_kept_by_no_cache_on_the_way() -> None:
    answer = respond(RequestFactory().get("/"), SharedPage(("<p>",)))
    assert answer["Cache-Control"] == "private, no-cache"
    assert "Cookie" in answer["Vary"]


@pytest.mark.parametrize(
    ("length_ms", "words"),
    [(None, ""), (0, ""), (30_500, "30 s"), (60_000, "1 min"), (3_599_000, "1 h"), (6_130_000, "1 h 42 min")],
)
def test_a_length_is_said_as_a_person_would(length_ms, words) -> None:
    assert duration(length_ms) == words


def test_lengths_for_clocks_and_for_machines() -> None:
    assert timecode(6_130_000) == "1:42:10"
    assert timecode(48_000) == "0:48"
    assert iso_duration(6_130_000) == "PT1H42M10S"


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=29, hours=23), "29 days"),
        (timedelta(hours=47, minutes=59), "47 hours"),
        (timedelta(minutes=61), "1 hour"),
        (timedelta(seconds=61), "1 minute"),
        (timedelta(seconds=-5), "0 minutes"),
    ],
)
def test_what_is_left_never_promises_too_much(left, words) -> None:
    at = now()
    assert time_left(at + left, at) == words


def test_sizes_are_said_as_disks_are_sold() -> None:
    assert [size(812), size(1_400_000_000), size(53_000_000_000)] == ["812 B", "1.4 GB", "53 GB"]
