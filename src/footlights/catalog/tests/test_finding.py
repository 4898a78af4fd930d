"""What administrators and other contexts look up."""

from uuid import uuid4

import pytest

from footlights.catalog import api
from footlights.catalog.testing import make_channel, make_title


def found(text="", **kwargs):
    return {title.id for title in api.search_all_titles(text, **kwargs)}


def test_administrators_find_titles_in_any_state_by_words_id_and_handle(channel, stranger):
    gone = make_title(channel, name="Night ferry", state="deleted")
    draft = make_title(channel, name="Day train", state="draft")
    other = make_title(make_channel(stranger, handle="north"), name="Bus")
    assert found() == {gone.id, draft.id, other.id}
    assert found("ferry") == {gone.id}
    assert found(str(draft.id)) == {draft.id}
    assert found("@north") == {other.id}
    assert found(state="deleted") == {gone.id}
    assert found(str(uuid4())) == set()


@pytest.mark.parametrize("text", ["\x00", "@", "'; --", "x" * 5000, "\x00@lantern"])
def test_no_input_breaks_the_administrators_search(channel, text):
    make_title(channel)
    assert isinstance(found(text), set)


def test_channels_and_titles_are_looked_up_by_their_ids(channel, creator):
    title = make_title(channel)
    assert api.list_channels([channel.id, uuid4()]) == {channel.id: channel}
    assert api.list_titles([title.id, uuid4()]) == {title.id: title}
    assert api.list_newest_channels() == [channel]
