"""Administrators find who did what; what they take with them is harmless and told of."""

import csv
import json
from uuid import uuid4

import pytest
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.audit.api import Act, Origin, acting, record
from footlights.audit.testing import recorded
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db
REQUEST = uuid4()


@pytest.fixture
def staff(client):
    person = make_person("staff@example.org", is_staff=True)
    sign_in_proven(client, person)
    return person


@pytest.fixture
def creator():
    return make_person("creator@example.org", display_name="Ada Lovelace")


@pytest.fixture
def title(creator):
    return make_title(make_channel(creator, handle="lantern"), name="Night Train")


@pytest.fixture(autouse=True)
def priced(creator, title):
    with acting(Origin(person=lambda: creator.pk, address="198.51.100.7", request_id=REQUEST)):
        return record(
            act=Act.PRICE_CHANGED,
            object_kind="title",
            object_id=title.id,
            channel_id=title.channel_id,
            before={"offers": ["rent 4.00 EUR"]},
            after={"offers": ["rent 5.50 EUR"]},
        )


def found(client, **query) -> bool:
    answer = client.get(reverse("backoffice:trail"), query)
    assert answer.status_code == 200
    return "Night Train" in answer.content.decode()


def test_an_act_is_found_by_whoever_and_whatever_it_touches(client, staff, creator, title, priced):
    for text in (
        "",
        "Ada Lovelace",
        "creator@example.org",
        creator.pk,
        title.id,
        title.channel_id,
        "198.51.100.7",
        REQUEST,
        priced,
    ):
        assert found(client, q=str(text)), text
    assert found(client, act="price.changed")
    today = f"{now():%Y-%m-%d}"
    assert found(client, since=today, until=today)


def test_what_does_not_answer_is_not_shown(client, staff):
    for text in ("nobody@example.org", uuid4(), "198.51.100.8", "somebody else"):
        assert not found(client, q=str(text)), text
    assert not found(client, act="title.deleted")
    assert not found(client, until="2020-01-01")
    assert not found(client, since="2999-01-01")


def test_nonsense_in_a_filter_is_ignored(client, staff):
    assert found(client, act="no.such", since="yesterday", until="0001-01-01", page="x")
    assert found(client, since="1969-01-01", until="9999-12-31")


def test_pages_of_fifty(client, staff, creator):
    for _ in range(51):
        record(act=Act.TITLE_CREATED, actor_id=creator.pk)
    assert not found(client)
    assert found(client, page="2")


def test_a_record_is_told_whole(client, staff, creator, priced):
    html = client.get(reverse("backoffice:trail_record", args=[priced])).content.decode()
    for text in ("rent 4.00 EUR", "rent 5.50 EUR", "A••• L•••", "198.51.100.7", str(REQUEST), "price.changed"):
        assert text in html, text
    assert client.get(reverse("backoffice:trail_record", args=[uuid4()])).status_code == 404


def test_a_record_shows_markup_as_text(client, staff):
    one = record(act=Act.TITLE_CHANGED, object_kind="title", object_id="", after={"name": "<script>alert(1)</script>"})
    assert "<script>alert" not in client.get(reverse("backoffice:trail_record", args=[one])).content.decode()


def export(client, **sent) -> str:
    answer = client.post(reverse("backoffice:trail_export"), {"reason": "misuse", **sent})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return b"".join(answer.streaming_content).decode()


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_begins_a_formula_is_defused(client, staff, begin):
    record(act=Act.TITLE_CREATED, object_kind="title", object_id=f"{begin}cmd|' /C calc'!A0")
    rows = list(csv.reader(export(client, format="csv", act="title.created").splitlines(keepends=True)))
    assert rows[1][rows[0].index("object_id")].startswith(f"'{begin}")


def test_json_lines_hold_what_the_trail_holds(client, staff, creator, priced):
    [line] = export(client, format="jsonl", q=str(priced)).splitlines()
    told = json.loads(line)
    assert (told["id"], told["act"], told["actor_id"]) == (str(priced), "price.changed", str(creator.pk))
    assert told["after"] == {"offers": ["rent 5.50 EUR"]}
    assert export(client, format="jsonl", q="nobody@example.org") == ""


def test_an_export_is_told_with_what_was_asked_for(client, staff):
    export(client, format="csv", q="198.51.100.7", act="price.changed")
    [told] = recorded("trail.exported")
    asked = {"q": "198.51.100.7", "act": "price.changed", "reason": "misuse"}
    assert (told.actor_id, told.after) == (staff.pk, asked)


def test_an_export_asks_for_a_proof(client):
    client.force_login(make_person(is_staff=True))
    answer = client.post(reverse("backoffice:trail_export"), {"format": "csv"})
    assert answer.status_code in {302, 204}
    assert recorded("trail.exported") == []


@pytest.mark.parametrize("who", ["stranger", "creator", None])
def test_the_trail_does_not_exist_for_others(client, creator, priced, who):
    if who:
        client.force_login(creator if who == "creator" else make_person())
    assert client.get(reverse("backoffice:trail")).status_code == 404
    assert client.get(reverse("backoffice:trail_record", args=[priced])).status_code == 404
    assert client.post(reverse("backoffice:trail_export")).status_code == 404
