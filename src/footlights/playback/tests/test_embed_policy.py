import pytest

from footlights.accounts.testing import make_person
from footlights.audit.testing import recorded
from footlights.catalog.testing import make_channel
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotAllowedError
from footlights.playback.api import get_embed_policy, set_embed_policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel():
    creator = make_person()
    return make_channel(creator)


def allow(channel, **changes):
    usual = {
        "channel_id": channel.id,
        "editor_id": channel.owner_id,
        "anywhere": False,
        "domains": ["example.org"],
        "at": now(),
    }
    return set_embed_policy(**{**usual, **changes})


def test_at_first_a_player_appears_on_our_own_site_only(channel):
    assert get_embed_policy(channel.id).frame_ancestors == []


def test_a_creator_allows_domains_with_all_their_names(channel):
    allow(channel, domains=["https://example.org/page"])
    assert get_embed_policy(channel.id).frame_ancestors == ["https://example.org", "https://*.example.org"]


def test_a_creator_allows_everybody(channel):
    allow(channel, anywhere=True, domains=[])
    assert get_embed_policy(channel.id).frame_ancestors == ["https:", "http:"]


def test_the_last_word_counts(channel):
    allow(channel, anywhere=True)
    allow(channel, domains=[])
    assert get_embed_policy(channel.id).frame_ancestors == []


def test_a_stranger_changes_nothing(channel):
    with pytest.raises(NotAllowedError):
        allow(channel, editor_id=make_person().id, anywhere=True)
    assert not get_embed_policy(channel.id).anywhere


def test_a_bad_name_changes_nothing(channel):
    with pytest.raises(InvalidInputError):
        allow(channel, domains=["example.org", "*"])
    assert get_embed_policy(channel.id).domains == ()


def test_who_may_embed_is_told_before_and_after(channel):
    allow(channel)
    allow(channel, anywhere=True)
    first, second = recorded("channel.embedding_changed")
    assert first.before is None
    assert (second.before, second.after["anywhere"]) == (first.after, True)
    assert second.channel_id == channel.id
