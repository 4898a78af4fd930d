"""Press codes in the studio: made, handed on, seen who watched how much, withdrawn; and not by others."""

import csv
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.catalog.api import delete_title
from footlights.kernel.clock import now
from footlights.monetization import api as monetization
from footlights.monetization.testing import make_press_codes
from footlights.playback.models import WatchProgress
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_creator(creator):
    return sign_in_proven(Client(), creator)


def make(client, title="", **changes):
    until = (now() + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M")
    sent = {"title": str(getattr(title, "id", "")), "outlets": "The Post\n\nRadio One\n", "watches_max": "2",
            "ends_at": until, "ends_at_zone": "UTC"}  # fmt: skip
    return client.post(reverse("studio:press"), sent | changes)


def watch(code, viewer, title, *, position_ms=0, finished=False):
    at = now()
    monetization.redeem_press_code(code=code.code, viewer_id=viewer.pk, at=at)
    monetization.begin_screening(viewer_id=viewer.pk, title_id=title.id, at=at)
    WatchProgress.objects.create(
        viewer_id=viewer.pk, title_id=title.id, position_ms=position_ms, duration_ms=1000, finished=finished, at=at
    )


def page(client, name, *args):
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_codes_are_made_for_each_name_handed_on_and_withdrawn(as_creator, channel, title) -> None:
    assert "Let the press watch" in page(as_creator, "studio:press")
    answer = make(as_creator, title)
    [made] = monetization.list_press_passes(channel.id)
    assert answer["Location"] == reverse("studio:press_pass", args=[made.id])
    codes = monetization.list_press_codes(made.id)
    shown = page(as_creator, "studio:press_pass", made.id)
    assert all(words in shown for code in codes for words in (code.outlet, f"/press/{code.code}"))
    taken = as_creator.get(answer["Location"], {"codes": ""})
    assert [row[:2] for row in csv.reader(taken.content.decode().splitlines())] == [
        ["For", "Code"], *([code.outlet, code.code] for code in codes)
    ]  # fmt: skip
    as_creator.post(reverse("studio:press_code_withdrawn", args=[made.id, codes[0].id]))
    assert page(as_creator, "studio:press_pass", made.id).count("Withdrawn") == 1
    as_creator.post(reverse("studio:press_withdrawn", args=[made.id]))
    assert "Over" in page(as_creator, "studio:press")


def test_its_maker_sees_who_took_a_code_and_how_much_they_watched(
    as_creator, creator, channel, title, django_assert_max_num_queries
) -> None:
    codes = make_press_codes(channel, title, outlets=("A", "B", "C"), spare=1)
    for code, finished in zip(codes, (False, True, False), strict=False):
        watch(code, make_person(display_name=f"Critic {code.outlet}"), title, position_ms=630, finished=finished)
    with django_assert_max_num_queries(14):
        shown = page(as_creator, "studio:press_pass", codes[0].press.id)
    for words in ("Critic A", "once, up to 63 %", "once, up to 100 %", "Nobody yet"):
        assert words in shown
    person = make_person()
    watch(codes[3], person, title)
    person.delete()
    assert "Somebody who is gone" in page(as_creator, "studio:press_pass", codes[0].press.id)
    delete_title(title_id=title.id, editor_id=creator.pk, at=now())
    assert title.name in page(as_creator, "studio:press")


def test_of_all_that_is_out_each_title_is_told_by_itself(as_creator, channel, title) -> None:
    make(as_creator, outlets="", spare="1")
    [made] = monetization.list_press_passes(channel.id)
    [code] = monetization.list_press_codes(made.id)
    watch(code, make_person(), title)
    shown = page(as_creator, "studio:press_pass", made.id)
    assert ("Everything that is out" in shown, f"{title.name}: once, up to 0 %" in shown) == (True, True)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"outlets": "x" * 81}, "at most 80 characters"),
        ({"ends_at": ""}, "required"),
        ({"ends_at": "2020-01-01T00:00"}, "within a year"),
        ({"watches_max": "21"}, "less than or equal"),
    ],
)
def test_a_wrong_wish_is_shown_again_with_the_reason(as_creator, channel, title, wrong, said: str) -> None:
    answer = make(as_creator, title, **wrong)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert monetization.list_press_passes(channel.id) == []


def test_a_strangers_codes_are_not_there(as_stranger, channel, title) -> None:
    [code] = make_press_codes(channel, title)
    for name, args in (
        ("press_pass", [code.press.id]),
        ("press_withdrawn", [code.press.id]),
        ("press_code_withdrawn", [code.press.id, code.id]),
    ):
        address = reverse(f"studio:{name}", args=args)
        assert as_stranger.get(address).status_code in {302, 404, 405}
        assert as_stranger.post(address).status_code in {302, 404, 405}
    assert monetization.get_press_code(code.code).withdrawn_at is None
