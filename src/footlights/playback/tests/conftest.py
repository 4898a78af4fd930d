"""A film that is really packaged and encrypted, for sale; somebody who bought it, and somebody who did not."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from footlights.accounts.testing import make_person
from footlights.catalog.api import Title
from footlights.catalog.testing import make_channel, make_title
from footlights.media.api import Asset, get_asset
from footlights.media.testing import make_ready_asset
from footlights.monetization.testing import grant, make_offer
from footlights.playback.api import WatchSession, start_watching

AT = datetime(2030, 5, 1, 20, 0, tzinfo=UTC)
SESSION = "account:of-the-viewer"


@dataclass(frozen=True)
class Cinema:
    creator: Any
    viewer: Any
    stranger: Any
    title: Title

    @property
    def asset(self) -> Asset:
        assert self.title.asset_id is not None
        return get_asset(self.title.asset_id)

    @property
    def key_ids(self) -> list[str]:
        assert self.asset.playback is not None
        return [as_kid(key_id) for key_id in self.asset.playback.key_ids]

    def start(self, **changes: Any) -> WatchSession:
        """The viewer starts to watch, unless `changes` says otherwise."""
        usual = {
            "viewer_id": self.viewer.id,
            "session_key": SESSION,
            "title_id": self.title.id,
            "device": "Chrome on Linux",
            "at": AT,
        }
        return start_watching(**{**usual, **changes})


def as_kid(key_id: str) -> str:
    """32 hex digits as a ClearKey request writes them."""
    return base64.urlsafe_b64encode(bytes.fromhex(key_id)).rstrip(b"=").decode()


@pytest.fixture
def another_title(db) -> Callable[..., Title]:
    def make(owner: Any, **fields: Any) -> Title:
        return make_title(make_channel(owner), asset_id=make_ready_asset(owner.id).id, **fields)

    return make


@pytest.fixture
def cinema(db, another_title) -> Cinema:
    creator, viewer, stranger = make_person(), make_person(), make_person()
    title = another_title(creator)
    make_offer(title, "buy")
    grant(viewer, title, "buy", AT)
    return Cinema(creator, viewer, stranger, title)
