"""From a press code to the film, signed in or not; and what each is told who cannot use it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.catalog.api import delete_title
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.monetization import api as monetization
from footlights.monetization.models import PressPassRow
from footlights.monetization.testing import make_press_codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator():
    return make_person()


@pytest.fixture
def channel(creator):
    return make_channel(creator, name="Lantern Films")


@pytest.fixture
def title(channel):
    return make_title(channel, name="Night Boat", state="draft")


@pytest.fixture
def code(channel, title):
    return make_press_codes(channel, title, outlets=("The Post",))[0]


@pytest.fixture
def critic(client):
    person = make_person(display_name="Cora Reed")
    client.force_login(person)
    return person


def address(code) -> str:
    return reverse("giving:press", args=[code.code])


def page(client, where):
    answer = client.get(where, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_from_the_code_to_a_film_that_is_not_out_yet(client, code, title) -> None:
    found = client.post(reverse("giving:press_code"), {"code": code.code.lower().replace("-", " ")})
    assert found["Location"] == address(code)
    closed = page(client, found["Location"])
    for words in (
        "Press screening for The Post",
        "Night Boat",
        "You can watch it 2 times",
        "Lantern Films sees your name",
    ):
        assert words in closed
    assert client.post(address(code))["Location"] == f"{reverse('account_login')}?next={address(code)}"
    critic = make_person()
    client.force_login(critic)
    film = reverse("watch:title", args=[title.channel_handle, title.slug])
    assert client.get(film).status_code == 404
    opened = client.post(address(code), follow=True).content.decode()
    assert ("2 of 2 left" in opened, film in opened) == (True, True)
    assert "2 of 2 left" in page(client, title.path)
    assert "2 of 2 left" in page(client, reverse("storefront:library"))
    monetization.begin_screening(viewer_id=critic.pk, title_id=title.id, at=now())
    assert "1 of 2, ends" in page(client, address(code))


def test_who_used_a_code_up_is_told_so_of_a_film_that_is_not_out_and_a_stranger_nothing(
    client, channel, critic, title
) -> None:
    [code] = make_press_codes(channel, title, watches_max=1)
    client.post(address(code))
    monetization.begin_screening(viewer_id=critic.pk, title_id=title.id, at=now() - timedelta(days=2))
    film = reverse("watch:title", args=[title.channel_handle, title.slug])
    told = client.get(film)
    assert told.status_code == 403
    for words in ("Your press code is over", "This press code is used up: its one screening was watched."):
        assert words in told.content.decode()
    assert f'href="{title.path}"' not in told.content.decode(), "its page is not out"
    assert client.get(title.path)["Location"] == film
    assert "ask whoever gave you the code for another" in page(client, address(code))
    client.force_login(make_person())
    assert [client.get(where).status_code for where in (film, title.path)] == [404, 404]


def test_one_for_all_leads_to_the_channel(client, channel, critic) -> None:
    out = make_title(channel, name="Day Boat")
    [code] = make_press_codes(channel, watches_max=1)
    assert "You can watch each film once" in page(client, address(code))
    opened = client.post(address(code), follow=True).content.decode()
    assert reverse("storefront:channel", args=[channel.handle]) in opened
    assert "Everything of Lantern Films" in page(client, reverse("storefront:library"))
    monetization.begin_screening(viewer_id=critic.pk, title_id=out.id, at=now() - timedelta(days=2))
    assert "used up: its one screening" in page(client, out.path)


def test_a_code_that_nobody_has_is_asked_for_again(client, critic) -> None:
    assert "no press code like this" in client.post(reverse("giving:press_code"), {"code": "X"}).content.decode()
    assert client.get(reverse("giving:press", args=["X"])).status_code == 404
    assert "Type the code" in page(client, reverse("giving:press_code"))


def test_whoever_cannot_use_it_is_told_why(client, creator, channel, code, critic, title) -> None:
    monetization.redeem_press_code(code=code.code, viewer_id=make_person().pk, at=now())
    assert "used already" in page(client, address(code))
    assert "somebody else" in client.post(address(code), follow=True).content.decode()
    withdrawn, late, own = (make_press_codes(channel, title)[0] for _ in range(3))
    monetization.withdraw_press_codes(press_id=withdrawn.press.id, editor_id=creator.pk, at=now())
    assert "was withdrawn" in page(client, address(withdrawn))
    PressPassRow.objects.filter(pk=late.press.id).update(ends_at=now() - timedelta(minutes=1))
    assert "This code ended" in page(client, address(late))
    client.force_login(creator)
    assert "this is what they see" in page(client, address(own))
    delete_title(title_id=title.id, editor_id=creator.pk, at=now())
    assert "This film is gone" in page(client, address(own))
