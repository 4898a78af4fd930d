from urllib.parse import quote

import pytest
from django.conf import settings
from django.urls import reverse

from footlights.catalog.api import Chapter, set_chapters
from footlights.catalog.testing import make_title
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.media.api import get_asset
from footlights.media.testing import make_ready_asset
from footlights.monetization.api import begin_screening, redeem_press_code
from footlights.monetization.models import EntitlementRow
from footlights.monetization.testing import grant, make_offer, make_press_codes
from footlights.playback.api import set_embed_policy
from footlights.playback.models import Screen

pytestmark = pytest.mark.media


def manifest_of(title):
    return get_asset(title.asset_id).playback.dash_url


def page(client, title):
    return client.get(f"{title.path}/watch")


def embed(client, title):
    return client.get(reverse("watch:embed", args=[title.id]))


def describe(client, title, **query):
    return client.get(reverse("watch:oembed"), {"url": f"{settings.SITE_URL}{title.path}", **query})


def allow(house, *domains, anywhere=False):
    set_embed_policy(
        channel_id=house.channel.id, editor_id=house.creator.id, anywhere=anywhere, domains=list(domains), at=now()
    )


def ancestors(response):
    directives = dict(
        part.strip().partition(" ")[::2] for part in response.headers["Content-Security-Policy"].split(";")
    )
    return directives["frame-ancestors"]


def test_the_viewer_gets_the_player_with_the_manifest_on_its_way(client, house):
    client.force_login(house.viewer)
    html = page(client, house.sold).content.decode()
    assert 'data-island="player"' in html
    assert (
        f'rel="preload" as="fetch" crossorigin="anonymous" type="application/dash+xml" href="{manifest_of(house.sold)}"'
        in html
    )


def test_a_link_to_a_chapter_begins_there_and_a_silly_one_at_the_beginning(client, house):
    chapters = [Chapter(0, "Beginning"), Chapter(75_600, "<b>The storm</b>")]
    set_chapters(title_id=house.sold.id, editor_id=house.creator.id, chapters=chapters, at=now())
    client.force_login(house.viewer)
    shown = client.get(f"{house.sold.path}/watch?t=75").content.decode()
    assert f'href="{house.sold.path}/watch?t=75" data-starts="75"' in shown
    assert "&lt;b&gt;The storm" in shown
    assert 'data-start-at="75"' in shown
    for silly in ("-1", "x", "٣", "9" * 30):
        assert 'data-start-at=""' in client.get(f"{house.sold.path}/watch", {"t": silly}).content.decode()


def test_looking_at_the_page_starts_nothing(client, house):
    client.force_login(house.viewer)
    page(client, house.sold)
    assert not Screen.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "staff", None])
def test_nobody_else_learns_where_the_film_is(client, house, who):
    if who:
        client.force_login(getattr(house, who))
    answer = page(client, house.sold)
    assert answer.status_code == 403
    assert manifest_of(house.sold).encode() not in answer.content
    assert b'data-island="player"' not in answer.content
    assert b"4.00" in answer.content


def test_who_asked_their_bank_for_the_money_learns_why_it_waits_and_what_to_do(client, house):
    EntitlementRow.objects.filter(viewer_id=house.viewer.id, title_id=house.sold.id).update(held_at=now())
    client.force_login(house.viewer)
    answer = page(client, house.sold)
    assert answer.status_code == 403
    for words in ("Waits for your bank", "tell your bank that you withdraw it"):
        assert words in answer.content.decode()
    assert b"4.00" not in answer.content, "it is not offered a second time"


def test_a_draft_does_not_exist_for_others_and_plays_for_its_creator(client, house):
    draft = make_title(house.channel, state="draft", asset_id=make_ready_asset(house.creator.id).id)
    for who in (None, house.viewer, house.stranger, house.staff):
        if who:
            client.force_login(who)
        assert page(client, draft).status_code == 404
        assert embed(client, draft).status_code == 404
        assert describe(client, draft).status_code == 404
    client.force_login(house.creator)
    assert page(client, draft).status_code == 200


def test_a_press_screening_waits_for_the_press_that_begins_it(client, house):
    [code] = make_press_codes(house.channel, house.sold)
    redeem_press_code(code=code.code, viewer_id=house.stranger.id, at=now())
    client.force_login(house.stranger)
    html = page(client, house.sold).content.decode()
    assert "A press screening begins when you press play" in html
    begin_screening(viewer_id=house.stranger.id, title_id=house.sold.id, at=now())
    assert "Yours until" in page(client, house.sold).content.decode()


def test_a_rental_waits_for_the_press_that_starts_its_hours(client, house):
    rented = make_title(house.channel, asset_id=make_ready_asset(house.creator.id).id)
    make_offer(rented, "rent")
    grant(house.viewer, rented, "rent")
    client.force_login(house.viewer)
    html = page(client, rented).content.decode()
    assert 'data-autoplay="no"' in html
    assert "begin when you press play" in html


def test_a_page_costs_as_few_questions_as_it_promises(client, house, django_assert_max_num_queries):
    client.force_login(house.viewer)
    page(client, house.sold)
    with django_assert_max_num_queries(12):
        page(client, house.sold)


def test_markup_in_a_name_stays_words(client, house):
    title = make_title(
        house.channel, name='<script>alert("1")</script>', asset_id=make_ready_asset(house.creator.id).id
    )
    make_offer(title, "free")
    assert b"<script>alert" not in page(client, title).content
    allow(house, anywhere=True)
    assert "<script>" not in describe(client, title).json()["html"]


def test_at_first_only_our_own_site_may_embed(client, house):
    answer = embed(client, house.free)
    assert ancestors(answer) == "'self'"
    assert "X-Frame-Options" not in answer.headers


def test_the_channels_list_is_who_may_embed(client, house):
    allow(house, "https://blog.example/post")
    assert ancestors(embed(client, house.free)) == "'self' https://blog.example https://*.blog.example"
    allow(house, anywhere=True)
    assert ancestors(embed(client, house.free)) == "'self' https: http:"


def test_no_other_page_may_be_framed(client, house):
    allow(house, anywhere=True)
    assert ancestors(page(client, house.free)) == "'none'"


def test_what_is_sold_does_not_play_in_a_strangers_frame(client, house):
    answer = embed(client, house.sold)
    assert b"data-island" not in answer.content
    assert manifest_of(house.sold).encode() not in answer.content
    assert f"{settings.SITE_URL}{house.sold.path}".encode() in answer.content
    client.force_login(house.viewer)
    assert b'data-island="player"' in embed(client, house.sold).content


def test_an_embedded_player_starts_only_when_clicked(client, house):
    assert b'data-autoplay="no"' in embed(client, house.free).content


def test_an_unknown_title_has_no_embed(client, house):
    assert client.get(reverse("watch:embed", args=[new_id()])).status_code == 404


def test_oembed_gives_the_player_of_what_anybody_may_watch(client, house):
    allow(house, anywhere=True)
    told = describe(client, house.free, maxwidth="640").json()
    assert told["type"] == "video"
    assert (told["width"], told["height"]) == (640, 360)
    assert f'src="{settings.SITE_URL}/embed/{house.free.id}"' in told["html"]
    assert told["version"] == "1.0"
    assert told["title"] == "The Ferry"


def test_oembed_is_a_link_where_a_player_would_not_play(client, house):
    assert describe(client, house.free).json()["type"] == "link"  # nobody else may embed yet
    allow(house, anywhere=True)
    assert describe(client, house.sold).json()["type"] == "link"  # not for everybody


@pytest.mark.parametrize("size", ["0", "-5", "x", "²", "9" * 30, ""])
def test_oembed_forgives_a_silly_size(client, house, size):
    allow(house, anywhere=True)
    assert describe(client, house.free, maxwidth=size).json()["width"] == 1280


@pytest.mark.parametrize(
    "url",
    ["", "https://evil.example/@a/b", "javascript:alert(1)", "/", "http://[", "{site}/", "{site}/@nobody/nothing"],
)
def test_oembed_describes_only_our_own_titles(client, house, url):
    asked = quote(url.format(site=settings.SITE_URL), safe="")
    assert client.get(f"{reverse('watch:oembed')}?url={asked}").status_code == 404


def test_oembed_in_xml_is_not_offered(client, house):
    assert describe(client, house.free, format="xml").status_code == 501


def test_the_watch_page_may_be_fetched_ahead_because_opening_it_takes_no_screen(client, house):
    client.force_login(house.viewer)
    named = client.get(house.sold.path).headers["Speculation-Rules"].strip('"')
    rules = client.get(named)
    assert rules.headers["Content-Type"] == "application/speculationrules+json"
    assert rules.json()["prefetch"][0]["where"] == {"href_matches": "/@*/*/watch"}
    ahead = client.get(f"{house.sold.path}/watch", headers={"Sec-Purpose": "prefetch"})
    assert ahead.status_code == 200
    assert "no-store" in ahead.headers["Cache-Control"]
    assert not Screen.objects.exists()
