import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_collection, make_title
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.kernel.shared import forget_everything
from footlights.monetization.testing import grant, make_offer
from footlights.playback.models import WatchProgress

pytestmark = pytest.mark.django_db
CATEGORIES = ["film", "short", "nature", "music", "science", "art", "games"]


@pytest.fixture
def creator():
    return make_person()


@pytest.fixture
def viewer():
    return make_person()


def text_of(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_storefront_says_what_to_do_first(client, creator) -> None:
    html = text_of(client.get("/"))
    assert "The stage is empty" in html
    assert "Upload a film" in html


def test_what_is_out_is_on_the_storefront_and_what_is_not_is_not(client, creator) -> None:
    channel = make_channel(creator)
    for state in ("published", "draft", "unlisted", "deleted"):
        make_title(channel, name=f"The {state} one", state=state)
    make_title(channel, name="The unfinished one", playable=False)
    html = text_of(client.get("/"))
    assert "The published one" in html
    for hidden in ("draft", "unlisted", "deleted", "unfinished"):
        assert f"The {hidden} one" not in html


def test_the_hero_has_one_button_that_says_what_it_costs(client, creator) -> None:
    title = make_title(make_channel(creator), name="Salt", description="A woman and the sea. More follows.")
    make_offer(title, "rent", Money(400, "EUR"))
    html = text_of(client.get("/"))
    assert "Rent for €4.00" in html
    assert "A woman and the sea." in html
    assert "More follows" not in html
    assert html.count("button-primary") == 1


def test_who_has_the_hero_already_is_not_asked_to_buy_it(client, creator, viewer) -> None:
    title = make_title(make_channel(creator), name="Salt")
    make_offer(title, "rent", Money(400, "EUR"))
    client.force_login(viewer)
    assert "Rent for €4.00" in text_of(client.get("/"))
    grant(viewer, title, "rent")
    forget_everything()
    html = text_of(client.get("/"))
    assert f"{title.path}/watch" in html
    assert "button-large" in html
    assert "Rent for €4.00</" not in html.partition("</section>")[0]


def test_a_free_hero_plays_at_once(client, creator) -> None:
    title = make_title(make_channel(creator))
    make_offer(title, "free")
    html = text_of(client.get("/"))
    assert f'href="{title.path}/watch"' in html
    assert "Watch free" in html


def test_only_the_one_who_watched_is_asked_to_go_on(client, creator, viewer) -> None:
    title = make_title(make_channel(creator), duration_ms=100_000)
    WatchProgress.objects.create(
        viewer_id=viewer.pk, title_id=title.id, position_ms=40_000, duration_ms=100_000, at=now()
    )
    assert "Continue watching" not in text_of(client.get("/"))
    client.force_login(viewer)
    html = text_of(client.get("/"))
    assert "Continue watching" in html
    assert 'value="40"' in html
    client.force_login(creator)
    assert "Continue watching" not in text_of(client.get("/"))


def test_the_next_episode_waits_for_who_finished_one(client, creator, viewer) -> None:
    channel = make_channel(creator)
    first, second = (make_title(channel, name=name) for name in ("The Door", "The Shore"))
    make_collection(channel, first, second)
    WatchProgress.objects.create(
        viewer_id=viewer.pk, title_id=first.id, position_ms=99_000, duration_ms=100_000, finished=True, at=now()
    )
    client.force_login(viewer)
    for page in ("/", "/library"):
        row = text_of(client.get(page)).partition("Continue watching")[2].partition("</section>")[0]
        assert ("Next episode" in row, f'href="{second.path}/watch"' in row) == (True, True)
        assert "<progress" not in row


def test_a_work_that_was_taken_off_is_not_offered_for_going_on(client, creator, viewer) -> None:
    title = make_title(make_channel(creator), name="Gone", state="draft")
    WatchProgress.objects.create(
        viewer_id=viewer.pk, title_id=title.id, position_ms=40_000, duration_ms=100_000, at=now()
    )
    client.force_login(viewer)
    assert "Continue watching" not in text_of(client.get("/"))


def test_the_queries_do_not_grow_with_the_catalog(client, creator, viewer) -> None:
    """At most twelve, all caches cold, signed in, with everything the page can hold."""
    channel = make_channel(creator)
    counts = []
    for size in (50, 120):
        for at in range(size):
            make_offer(make_title(channel, category=CATEGORIES[at % len(CATEGORIES)]), "rent")
        WatchProgress.objects.get_or_create(
            viewer_id=viewer.pk,
            title_id=make_title(channel).id,
            defaults={"position_ms": 40_000, "duration_ms": 100_000, "at": now()},
        )
        client.force_login(viewer)
        forget_everything()
        make_person()  # who runs the service is known to a process that has served a page
        with CaptureQueriesContext(connection) as queries:
            text_of(client.get("/"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 12, [query["sql"][:120] for query in queries]


def test_a_storefront_that_is_kept_asks_nothing(client, creator) -> None:
    make_title(make_channel(creator))
    text_of(client.get("/"))
    with CaptureQueriesContext(connection) as queries:
        text_of(client.get("/"))
    assert len(queries) == 0


def test_a_session_that_is_nobodys_is_a_stranger(client, creator) -> None:
    client.cookies["session"] = "made-up"
    assert "Sign in" in text_of(client.get("/"))


def test_names_are_shown_as_they_are_and_run_nothing(client, creator) -> None:
    make_title(make_channel(creator, name="<b>Loud</b>"), name="<script>alert(1)</script>")
    html = text_of(client.get("/"))
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "<b>Loud" not in html


def test_while_there_are_few_each_is_shown_once(client, creator) -> None:
    channel = make_channel(creator)
    titles = [make_title(channel, name=f"Work {number}", category=CATEGORIES[number % 2]) for number in range(4)]
    html = text_of(client.get("/"))
    assert [html.count(f'href="{title.path}"') for title in titles[:3]] == [1, 1, 1]
    assert html.count(">Work 3<") == 1, "the newest is the hero alone"


def test_one_title_alone_is_the_whole_stage(client, creator) -> None:
    make_title(make_channel(creator), name="Salt", category="film")
    html = text_of(client.get("/"))
    assert html.count(">Salt<") == 1
    assert "By topic" not in html
    assert 'class="shelf' not in html
