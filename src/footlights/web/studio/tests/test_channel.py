import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from footlights.catalog import api as catalog
from footlights.catalog.testing import make_channel
from footlights.playback import api as playback


def test_a_channel_is_opened_in_one_form(client, creator):
    client.force_login(creator)
    answer = client.post(reverse("studio:channel_new"), {"name": "Lantern Films", "handle": "lantern"})
    assert answer["Location"] == reverse("studio:upload")
    assert catalog.get_channel_by_handle("lantern").owner_id == creator.id


@pytest.mark.parametrize("handle", ["admin", "a", "../x", "a b", "ä", "studio"])
def test_a_handle_that_is_not_allowed_is_said_and_the_name_stays(client, creator, handle):
    client.force_login(creator)
    answer = client.post(reverse("studio:channel_new"), {"name": "Lantern Films", "handle": handle})
    assert answer.status_code == 422
    assert "Lantern Films" in answer.content.decode()


def test_a_handle_is_suggested_while_the_name_is_typed(client, creator):
    client.force_login(creator)
    answer = client.get(reverse("studio:channel_handle"), {"name": "Étoile du Nord!"})
    assert 'value="etoile-du-nord"' in answer.content.decode()
    assert client.get(reverse("studio:channel_handle")).status_code == 200


def test_name_description_and_pictures_are_changed_and_taken_away(as_creator, channel, sample_picture):
    sent = {"name": "Lamp", "description": "New", "avatar": SimpleUploadedFile("a.jpg", sample_picture)}
    assert as_creator.post(reverse("studio:channel"), sent).status_code == 302
    changed = catalog.get_channel(channel.id)
    assert (changed.name, changed.description) == ("Lamp", "New")
    assert changed.avatar is not None
    as_creator.post(reverse("studio:channel"), {"name": "Lamp"})
    assert catalog.get_channel(channel.id).avatar == changed.avatar
    as_creator.post(reverse("studio:channel"), {"name": "Lamp", "avatar_removed": "on"})
    assert catalog.get_channel(channel.id).avatar is None


def test_a_picture_that_is_none_is_said_at_its_field(as_creator, channel):
    sent = {"name": "Lamp", "banner": SimpleUploadedFile("a.jpg", b"no picture")}
    answer = as_creator.post(reverse("studio:channel"), sent)
    assert answer.status_code == 422
    assert catalog.get_channel(channel.id).name == channel.name


def test_embedding_is_allowed_for_some_websites(as_creator, channel):
    as_creator.post(reverse("studio:channel_embedding"), {"domains": "example.org\nfilms.example"})
    assert playback.get_embed_policy(channel.id).domains == ("example.org", "films.example")


@pytest.mark.parametrize("domains", ["https://*", "a b'; script-src *", "-.-", "x" * 4000])
def test_a_website_that_is_none_is_refused(as_creator, channel, domains):
    answer = as_creator.post(reverse("studio:channel_embedding"), {"domains": domains})
    assert answer.status_code == 422
    assert playback.get_embed_policy(channel.id).domains == ()


def test_whoever_has_two_channels_chooses_between_them(as_creator, creator, channel):
    second = make_channel(creator, handle="second", name="Second Stage")
    as_creator.post(reverse("studio:channel_switch"), {"channel": str(second.id)})
    assert "Second Stage" in as_creator.get(reverse("studio:home")).content.decode()
