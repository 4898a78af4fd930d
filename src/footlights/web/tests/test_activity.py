"""People see what concerns them and their channels, and nothing of anybody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.audit.api import Act, Origin, acting, record
from footlights.catalog.api import get_channel
from footlights.catalog.testing import make_channel, make_title

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator():
    return make_person(display_name="Ada Lovelace")


@pytest.fixture
def viewer():
    return make_person(display_name="Grace Hopper")


@pytest.fixture
def title(creator, viewer):
    """Its price was changed by its creator, and it was bought."""
    title = make_title(make_channel(creator), name="Night Train")
    with acting(Origin(person=lambda: creator.pk, address="198.51.100.7")):
        record(
            act=Act.PRICE_CHANGED, object_kind="title", object_id=title.id, channel_id=title.channel_id,
            before={"offers": ["rent 4.00 EUR"]}, after={"offers": []},
        )  # fmt: skip
    with acting(Origin(person=lambda: viewer.pk, address="192.0.2.9")):
        record(
            act=Act.PURCHASE_BEGUN, object_kind="purchase", object_id="p", channel_id=title.channel_id,
            after={"title_id": title.id, "price": "rent 4.00 EUR"},
        )  # fmt: skip
    return title


def shown(client, person, page: str) -> str:
    client.force_login(person)
    answer = client.get(reverse(page))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_channel_sees_its_sales_but_not_who_bought_nor_from_where(client, creator, viewer, title):
    html = shown(client, creator, "studio:activity")
    for text in ("Changed a price", "rent 4.00 EUR", "Began a purchase", "Night Train", "A viewer", "You"):
        assert text in html, text
    for text in ("Grace", "192.0.2.9", str(viewer.pk), viewer.email):
        assert text not in html, text


def test_a_viewer_sees_what_they_bought_and_not_what_the_creator_did(client, viewer, title):
    html = shown(client, viewer, "account:activity")
    assert "Began a purchase" in html
    assert "Night Train" in html
    assert "Changed a price" not in html


def test_a_person_sees_that_an_administrator_looked(client, viewer):
    staff = make_person(is_staff=True, display_name="Mallory")
    with acting(Origin(person=lambda: staff.pk, address="192.0.2.1")):
        record(act=Act.PERSON_LOOKED_AT, object_kind="person", object_id=viewer.pk, person_ids=[viewer.pk])
    html = shown(client, viewer, "account:activity")
    assert "An administrator" in html
    assert "Mallory" not in html
    assert "192.0.2.1" not in html


def test_a_failed_sign_in_is_nobodys(client, viewer):
    record(act=Act.SESSION_REFUSED, object_kind="person", object_id=viewer.pk, actor_id=None, person_ids=[viewer.pk])
    html = shown(client, viewer, "account:activity")
    assert "Failed to sign in" in html
    assert "Somebody" in html


def test_a_stranger_sees_nothing_of_it(client, title):
    stranger = make_person()
    make_channel(stranger)
    for page in ("account:activity", "studio:activity"):
        html = shown(client, stranger, page)
        assert "Nothing yet" in html
        assert "Night Train" not in html


def test_long_activity_comes_in_pages(client, viewer):
    for _ in range(51):
        record(act=Act.PERSON_RENAMED, actor_id=viewer.pk)
    assert 'rel="next"' in shown(client, viewer, "account:activity")


def test_a_page_of_activity_asks_the_same_number_of_queries_however_long(client, creator, title):
    channel, counts = get_channel(title.channel_id), []
    for _ in range(2):
        client.force_login(creator)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("studio:activity"))
        counts.append(len(asked))
        for _ in range(20):
            other = make_title(channel).id
            record(act=Act.TITLE_CHANGED, object_kind="title", object_id=other, channel_id=channel.id)
    assert counts[0] == counts[1]


def test_sizes_and_moments_are_told_as_people_write_them_and_a_file_is_named_once(client, creator):
    with acting(Origin(person=lambda: creator.pk)):
        record(
            act=Act.UPLOAD_STARTED, object_kind="upload", object_id="u", person_ids=[creator.pk],
            after={"file": "night-train.mov", "size_bytes": 3 << 20},
        )  # fmt: skip
        record(
            act=Act.TITLE_PUBLICATION_CHANGED, object_kind="title", object_id="t", person_ids=[creator.pk],
            after={"publish_at": "2026-11-22T17:41:04.311696+00:00"},
        )  # fmt: skip
    html = shown(client, creator, "account:activity")
    assert html.count("night-train.mov") == 1
    assert "3.0\xa0MB" in html
    assert '<time datetime="2026-11-22T17:41:04Z"' in html
