import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.monetization.testing import grant, make_offer
from footlights.playback.models import WatchProgress

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator():
    return make_person()


@pytest.fixture
def viewer():
    return make_person()


def text_of(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_channel_shows_what_is_out(client, creator) -> None:
    channel = make_channel(creator, name="Lantern", description="By candle.")
    make_title(channel, name="Out")
    make_title(channel, name="Hidden", state="draft")
    html = text_of(client.get(channel.path))
    assert "By candle." in html
    assert "1 title" in html
    assert "Out" in html
    assert "Hidden" not in html
    assert "application/rss+xml" in html


def test_an_empty_channel_says_so(client, creator) -> None:
    assert "Nothing on yet" in text_of(client.get(make_channel(creator).path))


def test_a_channel_nobody_opened_is_not_found(client, creator) -> None:
    assert client.get("/@nobody-at-all").status_code == 404


def test_a_category_shows_its_titles_and_an_empty_one_leads_on(client, creator) -> None:
    make_title(make_channel(creator), name="Herons", category="nature")
    assert "Herons" in text_of(client.get("/browse/nature"))
    html = text_of(client.get("/browse/games"))
    assert "Herons" not in html
    assert "Nothing here yet" in html
    assert client.get("/browse/nonsense").status_code == 404


def test_long_lists_come_in_pages(client, creator) -> None:
    channel = make_channel(creator)
    for number in range(30):
        make_title(channel, name=f"Work {number}", category="nature")
    first, second = text_of(client.get("/browse/nature")), text_of(client.get("/browse/nature?page=2"))
    assert first.count('class="card"') == 24
    assert second.count('class="card"') == 6
    assert 'rel="next"' in first
    assert 'rel="next"' not in second


@pytest.mark.parametrize("page", ["0", "-1", "x", "1e9", "99999999999999999999", "²"])
def test_a_page_nobody_can_mean_is_not_found(client, creator, page) -> None:
    assert client.get(f"/browse/nature?page={page}").status_code == 404
    assert client.get(f"/search?page={page}").status_code == 404


def test_search_finds_begun_words_and_no_drafts(client, creator) -> None:
    channel = make_channel(creator)
    make_title(channel, name="The Paper Moon Ferry")
    make_title(channel, name="Paper Secrets", state="draft")
    html = text_of(client.get("/search?q=pap"))
    assert "The Paper Moon Ferry" in html
    assert "Secrets" not in html


def test_search_that_finds_nothing_helps_on(client, creator) -> None:
    make_title(make_channel(creator), name="Herons", category="nature")
    html = text_of(client.get("/search?q=zzzzqqq"))
    assert "Nothing for “zzzzqqq”" in html
    assert "/browse/nature" in html


def test_search_without_a_word_shows_what_is_new(client, creator) -> None:
    make_title(make_channel(creator), name="Herons")
    assert "Herons" in text_of(client.get("/search"))


@pytest.mark.parametrize("query", ["<script>alert(1)</script>", "'; drop table", "a&b | !c :*", "\x00", "%" * 300, "“"])
def test_search_takes_whatever_is_typed(client, creator, query) -> None:
    html = text_of(client.get("/search", {"q": query}))
    assert "<script>alert" not in html


def test_while_one_types_only_the_results_come(client, creator) -> None:
    make_title(make_channel(creator), name="Herons")
    html = text_of(client.get("/search?q=her", headers={"HX-Request": "true"}))
    assert "Herons" in html
    assert "<html" not in html


def test_the_library_asks_strangers_to_sign_in(client, creator) -> None:
    answer = client.get("/library")
    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=/library")


def test_an_empty_library_leads_to_something_to_watch(client, viewer) -> None:
    client.force_login(viewer)
    assert "Your shelf is waiting" in text_of(client.get("/library"))


def test_the_library_holds_what_is_theirs_alone(client, creator, viewer) -> None:
    channel = make_channel(creator)
    bought, rented, begun, other = (make_title(channel, name=name) for name in ("Bought", "Lent", "Begun", "Other"))
    grant(viewer, bought, "buy")
    grant(viewer, rented, "rent")
    grant(creator, other, "buy")
    make_offer(begun, "free")
    WatchProgress.objects.create(
        viewer_id=viewer.pk, title_id=begun.id, position_ms=30_000, duration_ms=60_000, at=now()
    )
    client.force_login(viewer)
    with CaptureQueriesContext(connection) as queries:
        html = text_of(client.get("/library"))
    assert all(name in html for name in ("Bought", "Lent", "Begun", "Press play within 30 days"))
    assert "Other" not in html
    assert len(queries) <= 12


def test_what_was_bought_stays_in_the_library_when_it_is_taken_off(client, creator, viewer) -> None:
    title = make_title(make_channel(creator), name="Gone from sale", state="draft")
    grant(viewer, title, "buy")
    client.force_login(viewer)
    assert "Gone from sale" in text_of(client.get("/library"))


def test_pages_only_answer_reading(client, creator) -> None:
    channel = make_channel(creator)
    title = make_title(channel)
    for path in ("/", "/search", channel.path, title.path, "/browse/nature"):
        assert client.post(path).status_code == 405
