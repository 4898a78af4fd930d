import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from footlights.accounts.testing import make_person
from footlights.catalog.api import edit_title
from footlights.catalog.models import Title
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.kernel.shared import forget_everything
from footlights.monetization.models import EntitlementRow
from footlights.monetization.testing import grant, make_offer
from footlights.playback.models import WatchProgress

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator():
    return make_person()


@pytest.fixture
def viewer():
    return make_person()


@pytest.fixture
def stranger():
    return make_person()


@pytest.fixture
def channel(creator):
    return make_channel(creator)


def text_of(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_cheapest_way_comes_first_and_each_says_what_one_gets(client, channel) -> None:
    title = make_title(channel)
    make_offer(title, "buy", Money(900, "EUR"))
    make_offer(title, "rent", Money(400, "EUR"))
    html = text_of(client.get(title.path))
    assert html.index("Rent for €4.00") < html.index("Buy for €9.00")
    assert "Start within 30 days." in html
    assert "48 hours" in html
    assert "Yours for ever." in html
    assert "Prices include tax." in html
    assert f"/account/login/?next=/%40{channel.handle}/{title.slug}" in html


def test_what_is_free_plays_without_an_account(client, channel) -> None:
    title = make_title(channel)
    make_offer(title, "free")
    html = text_of(client.get(title.path))
    assert "Watch free" in html
    assert f'href="{title.path}/watch"' in html


def test_what_nobody_priced_says_so_instead_of_a_dead_button(client, channel) -> None:
    html = text_of(client.get(make_title(channel).path))
    assert "Not for sale yet" in html
    assert "button-primary" not in html


def test_what_is_bought_is_theirs_for_ever_and_only_theirs(client, channel, viewer, stranger) -> None:
    title = make_title(channel)
    make_offer(title, "buy")
    grant(viewer, title, "buy")
    client.force_login(viewer)
    html = text_of(client.get(title.path))
    assert "Yours for ever" in html
    assert "Buy for" not in html
    client.force_login(stranger)
    html = text_of(client.get(title.path))
    assert "Yours for ever</span>" not in html
    assert "Buy for €4.00" in html


def test_only_who_can_press_play_fetches_the_player_ahead(client, channel, viewer, stranger) -> None:
    title = make_title(channel)
    make_offer(title, "buy")
    grant(viewer, title, "buy")
    client.force_login(viewer)
    assert re.search(r'<link rel="prefetch" href="[^"]+watch[^"]*\.js">', text_of(client.get(title.path)))
    client.force_login(stranger)
    assert 'rel="prefetch"' not in text_of(client.get(title.path))


def test_a_rental_says_how_long_it_lasts(client, channel, viewer) -> None:
    title = make_title(channel)
    make_offer(title, "rent")
    grant(viewer, title, "rent")
    client.force_login(viewer)
    assert "Press play within 30 days" in text_of(client.get(title.path))
    EntitlementRow.objects.update(started_at=now(), ends_at=now() + timedelta(hours=40, minutes=5))
    forget_everything()
    assert "40 hours left to watch." in text_of(client.get(title.path))
    EntitlementRow.objects.update(
        granted_at=now() - timedelta(days=4), started_at=now() - timedelta(days=3), ends_at=now() - timedelta(days=1)
    )
    forget_everything()
    html = text_of(client.get(title.path))
    assert "Rental over" in html
    assert "Rent for €4.00" in html


def test_who_began_goes_on_where_they_were(client, channel, viewer) -> None:
    title = make_title(channel, duration_ms=3_600_000)
    make_offer(title, "free")
    WatchProgress.objects.create(
        viewer_id=viewer.pk, title_id=title.id, position_ms=1_200_000, duration_ms=3_600_000, at=now()
    )
    client.force_login(viewer)
    assert "Continue at 20:00" in text_of(client.get(title.path))


@pytest.mark.parametrize("state", ["draft", "deleted"])
def test_what_is_not_out_does_not_exist_for_strangers(client, channel, stranger, state) -> None:
    title = make_title(channel, state=state)
    assert client.get(title.path).status_code == 404
    client.force_login(stranger)
    assert client.get(title.path).status_code == 404


def test_what_is_scheduled_exists_from_its_moment_on(client, channel) -> None:
    title = make_title(channel, state="scheduled", publish_at=now() + timedelta(hours=1))
    assert client.get(title.path).status_code == 404
    Title.objects.update(publish_at=now() - timedelta(seconds=1))
    forget_everything()
    assert client.get(title.path).status_code == 200


def test_whoever_makes_it_sees_it_before_it_is_out_and_every_change_at_once(client, channel, creator) -> None:
    title = make_title(channel, state="draft")
    client.force_login(creator)
    html = text_of(client.get(title.path))
    assert "Not public yet" in html
    assert '<meta name="robots" content="noindex">' in html
    changed = edit_title(title_id=title.id, editor_id=creator.pk, description="Another ending.", at=now())
    assert "Another ending." in text_of(client.get(changed.path))


def test_who_bought_it_keeps_its_page_when_it_is_taken_off(client, channel, viewer) -> None:
    title = make_title(channel, state="draft")
    grant(viewer, title, "buy")
    client.force_login(viewer)
    assert "Yours for ever" in text_of(client.get(title.path))


def test_what_is_unlisted_is_seen_by_its_address_and_kept_from_search_engines(client, channel) -> None:
    html = text_of(client.get(make_title(channel, state="unlisted").path))
    assert '<meta name="robots" content="noindex">' in html


def test_an_old_address_leads_to_the_new_one(client, channel, creator) -> None:
    title = make_title(channel, slug="first")
    edit_title(title_id=title.id, editor_id=creator.pk, slug="second", at=now())
    answer = client.get(f"/@{channel.handle}/first")
    assert (answer.status_code, answer["Location"]) == (301, f"/@{channel.handle}/second")


def test_unknown_addresses_are_not_found(client, channel) -> None:
    assert client.get(f"/@{channel.handle}/nothing").status_code == 404
    assert client.get("/@nobody-at-all/nothing").status_code == 404


def test_other_sites_are_told_what_it_is(client, channel, settings) -> None:
    title = make_title(channel, name='A "quoted" </script> name', description="First. Second.", duration_ms=90_000)
    make_offer(title, "rent")
    html = text_of(client.get(title.path))
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)[0])
    assert data["@type"] == "VideoObject"
    assert data["name"] == title.name
    assert data["duration"] == "PT0H1M30S"
    assert data["embedUrl"] == f"{settings.SITE_URL}/embed/{title.id}"
    assert data["requiresSubscription"] is True
    assert f'<link rel="canonical" href="{settings.SITE_URL}{title.path}">' in html
    assert f'<meta property="og:url" content="{settings.SITE_URL}{title.path}">' in html
    assert '<meta name="twitter:card" content="player">' in html
    assert 'type="application/json+oembed"' in html


def test_what_people_wrote_runs_nothing(client, channel) -> None:
    title = make_title(
        channel, description="<img src=x onerror=alert(1)> javascript:alert(2)", credit="<b>loud</b>", tags=["<i>x</i>"]
    )
    html = text_of(client.get(title.path))
    assert "<img src=x" not in html
    assert "<b>loud" not in html
    assert "<i>x" not in html
    assert 'href="javascript:' not in html


@pytest.mark.parametrize("standing", ["nothing", "rented"])
def test_the_queries_do_not_grow_with_the_catalog(client, channel, viewer, standing) -> None:
    title = make_title(channel)
    make_offer(title, "rent")
    if standing == "rented":
        grant(viewer, title, "rent")
    client.force_login(viewer)
    counts = []
    for _ in range(2):
        for _title in range(30):
            make_offer(make_title(channel), "rent")
        forget_everything()
        make_person()  # who runs the service is known to a process that has served a page
        with CaptureQueriesContext(connection) as queries:
            text_of(client.get(title.path))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 12, [query["sql"][:150] for query in queries]


def test_a_trailer_is_offered_and_nothing_of_it_is_loaded_before_it_is_wanted(client, channel) -> None:
    title = make_title(channel, trailer_asset_id=new_id())
    make_offer(title, "buy")
    html = text_of(client.get(title.path))
    assert f'data-trailer="{title.id}"' in html
    assert "Watch the trailer" in html
    video = re.search(r"<video[^>]*>", html)
    assert video
    assert "muted" in video[0]
    assert 'preload="none"' in video[0]
    assert "src=" not in video[0]
    assert 'rel="prefetch"' not in html
    assert not re.search(r"<script[^>]+watch", html)


def test_without_a_trailer_or_while_one_is_on_its_way_there_is_no_button(client, channel) -> None:
    for fields in ({}, {"next_trailer_asset_id": new_id()}):
        assert "trailer" not in text_of(client.get(make_title(channel, **fields).path))


def test_a_drafts_trailer_is_its_makers_alone_to_see(client, channel, creator, stranger) -> None:
    title = make_title(channel, state="draft", trailer_asset_id=new_id())
    for user in (None, stranger):
        if user:
            client.force_login(user)
        assert client.get(title.path).status_code == 404
    client.force_login(creator)
    assert "Watch the trailer" in text_of(client.get(title.path))
