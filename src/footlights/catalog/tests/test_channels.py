from uuid import uuid4

import pytest

from footlights.accounts.api import Permission
from footlights.catalog import api
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError


def opened(owner, handle="lantern", name="Lantern Films"):
    return api.open_channel(owner_id=owner.id, handle=handle, name=name, at=now())


def test_a_channel_opens_with_a_name_and_a_handle(creator):
    channel = opened(creator)
    assert api.get_channel_by_handle("LANTERN") == channel
    assert channel.path == "/@lantern"
    assert api.list_channels_of(creator.id) == [channel]


def test_a_handle_belongs_to_one_channel_whatever_its_case(creator, stranger):
    opened(creator)
    with pytest.raises(InvalidInputError, match="has this address already"):
        opened(stranger, handle="Lantern")


def test_a_suggested_handle_is_free(creator):
    assert api.suggest_handle("Lantern") == "lantern"
    opened(creator)
    assert api.suggest_handle("Lantern") == "lantern-2"
    opened(creator, handle="lantern-2")
    assert api.suggest_handle("Lantern!") == "lantern-3"


def test_a_person_opens_a_bounded_number_of_channels(creator, monkeypatch):
    monkeypatch.setattr("footlights.catalog.policies.MAX_CHANNELS_PER_PERSON", 1)
    opened(creator)
    with pytest.raises(InvalidInputError, match="as many channels"):
        opened(creator, handle="second")


def test_only_what_is_given_changes(creator, channel):
    changed = api.edit_channel(
        channel_id=channel.id, editor_id=creator.id, description="Small films.\r\nLate.", at=now()
    )
    assert (changed.name, changed.description) == (channel.name, "Small films.\nLate.")
    assert api.edit_channel(channel_id=channel.id, editor_id=creator.id, name="Lamp", at=now()).name == "Lamp"


def test_a_stranger_cannot_edit_a_channel(stranger, channel):
    with pytest.raises(NotFoundError):
        api.edit_channel(channel_id=channel.id, editor_id=stranger.id, name="Mine", at=now())


@pytest.mark.parametrize("field", ["avatar_id", "banner_id"])
def test_anothers_picture_is_nobodys_avatar(creator, channel, field):
    with pytest.raises(InvalidInputError, match="Upload it again"):
        api.edit_channel(channel_id=channel.id, editor_id=creator.id, at=now(), **{field: uuid4()})


def test_only_its_owner_manages_a_channel(creator, stranger, channel):
    assert api.may(creator.id, Permission.MANAGE_TEAM, channel.id)
    assert not api.may(stranger.id, Permission.SEE_CHANNEL, channel.id)
    assert not api.may(None, Permission.SEE_CHANNEL, channel.id)


def test_a_channel_that_is_not_there_is_not_found(db):
    with pytest.raises(NotFoundError):
        api.get_channel_by_handle("nobody")
