from datetime import timedelta

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from footlights.kernel.clock import now
from footlights.kernel.shared import Shared
from footlights.web.design import page
from footlights.web.design.page import Content, Look, SharedPage, hole, respond
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


@pytest.mark.parametrize(("choice", "written"), [("dark", ' data-theme="dark">'), ('"><script>', " >"), (None, " >")])
@pytest.mark.django_db
def test_a_kept_page_is_shown_in_each_readers_theme(choice, written) -> None:
    request = RequestFactory().get("/")
    request.COOKIES |= {"theme": choice} if choice else {}
    html = respond(request, Content("storefront/home.html", {"rows": []}).page(Look("en", signed_in=False))).content
    assert html.decode().split("<head>")[0].rstrip().endswith(f'lang="en"{written}')


@pytest.mark.django_db
def test_a_page_is_rendered_anew_only_when_what_it_shows_is_different() -> None:
    kept: Shared[Content] = Shared(fresh_s=0, stale_s=0, capacity=10)
    look = Look("en", signed_in=False)

    def show(name: str) -> SharedPage:
        return kept.get("page", lambda: Content("storefront/home.html", {"rows": [], "name": name})).page(look)

    first = show("a")
    assert show("a") is first
    assert show("b") is not first


@pytest.mark.django_db
def test_a_shared_page_holds_no_token_and_no_message() -> None:
    html = "".join(Content("storefront/home.html", {"rows": []}).page(Look("en", signed_in=True)).pieces)
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
        (timedelta(days=29, hours=23, minutes=1), "30 days"),
        (timedelta(days=29, hours=22, minutes=59), "29 days"),
        (timedelta(hours=47, minutes=59, seconds=1), "48 hours"),
        (timedelta(hours=47, minutes=58), "47 hours"),
        (timedelta(minutes=61), "1 hour"),
        (timedelta(seconds=61), "1 minute"),
        (timedelta(seconds=-5), "0 minutes"),
    ],
)
def test_what_is_left_promises_no_more_but_what_has_just_begun_is_whole(left, words) -> None:
    at = now()
    assert time_left(at + left, at) == words


def test_sizes_are_said_as_disks_are_sold() -> None:
    assert [size(812), size(1_400_000_000), size(53_000_000_000)] == ["812 B", "1.4 GB", "53 GB"]
