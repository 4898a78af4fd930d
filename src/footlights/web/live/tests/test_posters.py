"""The poster of a broadcast: sent in the studio, seen wherever the broadcast is, and on other sites."""

import base64
import io

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from footlights.accounts.testing import make_person
from footlights.catalog.api import edit_channel, get_channel
from footlights.catalog.testing import make_channel, make_title
from footlights.ingest.api import read_secret
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.shared import forget_everything
from footlights.live import api as live
from footlights.live.testing import again, make_broadcast, make_ticket
from footlights.media.api import store_picture
from footlights.web.account.testing import sign_in_proven

PLAN = {"name": "A premiere", "audience": "everybody", "afterwards": "shared"}


def a_picture(color: str = "#35507a") -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (1280, 720), color).save(body, "JPEG")
    return body.getvalue()


def stored(person, purpose="poster"):
    return store_picture(owner_id=person.pk, body=a_picture(), purpose=purpose, at=now())


@pytest.fixture
def creator(db):
    forget_everything()
    return make_person()


@pytest.fixture
def channel(creator):
    return make_channel(creator)


@pytest.fixture
def client(creator):
    client = Client()
    sign_in_proven(client, creator)
    return client


def page(path: str) -> str:
    forget_everything()
    return Client().get(path).content.decode()


def sent(**more) -> dict:
    return PLAN | {"poster": SimpleUploadedFile("p.jpg", a_picture(), "image/jpeg")} | more


def test_a_poster_is_sent_with_the_plan_and_seen_everywhere(client, channel):
    client.post("/studio/live/new", sent())
    [show] = live.list_broadcasts(channel.id)
    assert show.poster_id is not None
    room = page(f"/live/{show.token}")
    [picture] = [line for line in room.splitlines() if 'property="og:image"' in line]
    address = picture.split('content="', 1)[1].split('"', 1)[0]
    assert address.startswith(configured.SITE_URL)
    assert f'<meta property="og:url" content="{configured.SITE_URL}/live/{show.token}">' in room
    token = address.rsplit("/", 2)[1]
    assert "live-poster" in room
    for path in ("/", channel.path, "/live/", f"/live/{show.token}"):
        assert token in page(path), path


def test_it_is_kept_replaced_and_taken_away(client, channel):
    client.post("/studio/live/new", sent())
    [show] = live.list_broadcasts(channel.id)
    edit = f"/studio/live/{show.id}/edit"
    client.post(edit, PLAN | {"name": "Another name"})
    assert again(show).poster_id == show.poster_id
    assert "Remove the poster" in client.get(edit).content.decode()
    client.post(edit, sent())
    assert again(show).poster_id not in {None, show.poster_id}
    client.post(edit, PLAN | {"poster_removed": "on"})
    assert again(show).poster_id is None


def test_what_is_no_picture_is_said_at_its_field_and_nothing_is_planned(client, channel):
    answer = client.post("/studio/live/new", sent(poster=SimpleUploadedFile("p.jpg", b"no picture")))
    assert answer.status_code == 422
    assert "not a picture we can read" in answer.content.decode()
    assert not live.list_broadcasts(channel.id)


def test_nobody_takes_anothers_picture(creator, channel):
    with pytest.raises(InvalidInputError):
        make_broadcast(channel, poster_id=stored(make_person()).id)
    assert make_broadcast(channel, poster_id=stored(creator).id)


def test_without_one_people_see_what_the_channel_has_or_its_name(creator, channel):
    show = make_broadcast(channel)
    assert "og:image" not in page(f"/live/{show.token}")
    banner = stored(creator, "banner")
    edit_channel(channel_id=channel.id, editor_id=creator.pk, at=now(), banner_id=banner.id)
    token = get_channel(channel.id).banner.sources[0][1].rsplit("/", 2)[1]
    for path in ("/live/", f"/live/{show.token}"):
        assert token in page(path)


def test_what_is_not_for_everybody_to_find_is_on_no_shared_page(channel):
    secret = make_broadcast(channel, name="A secret evening", is_listed=False)
    make_title(channel)
    for path in ("/", channel.path, "/live/"):
        assert secret.name not in page(path)
        assert secret.token not in page(path)


def test_the_waiting_room_of_ticket_holders_shows_it_to_those_outside_too(creator, channel):
    show = make_broadcast(channel, ticket=make_ticket(), poster_id=stored(creator).id)
    answer = Client().get(f"/live/{show.token}")
    assert answer.status_code == 200  # other sites read pages alone
    assert "live-poster" in answer.content.decode()
    assert "/media/live/" not in answer.content.decode()


def ask_slate(show, secret: str):
    body, headers = {"broadcast": str(show.id)}, {"Authorization": f"Bearer {secret}"}
    return Client().post("/live/hooks/slate", body, content_type="application/json", headers=headers)


def test_the_ingest_is_given_it_for_the_slate_and_strangers_are_not(creator, channel):
    show = make_broadcast(channel, poster_id=stored(creator).id)
    secret = read_secret(configured.ENVIRONMENT.secrets)
    assert ask_slate(show, "guessed").status_code == 404
    picture = Image.open(io.BytesIO(base64.b64decode(ask_slate(show, secret).json()["picture"])))
    assert (picture.format, picture.size) == ("WEBP", (640, 360))
    assert ask_slate(make_broadcast(make_channel(make_person())), secret).json() == {"picture": ""}
