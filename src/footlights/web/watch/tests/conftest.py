from dataclasses import dataclass
from typing import Any

import pytest

from footlights.accounts.testing import make_person
from footlights.catalog.api import Channel, Title
from footlights.catalog.testing import make_channel, make_title
from footlights.media.testing import make_ready_asset
from footlights.monetization.testing import grant, make_offer


@dataclass(frozen=True)
class House:
    """A creator with a film for sale and a free one; a viewer who bought the first; a stranger."""

    creator: Any
    viewer: Any
    stranger: Any
    staff: Any
    channel: Channel
    sold: Title
    free: Title


@pytest.fixture
def house(db) -> House:
    creator, viewer, stranger, staff = make_person(), make_person(), make_person(), make_person(is_staff=True)
    channel = make_channel(creator)
    sold = make_title(channel, asset_id=make_ready_asset(creator.id).id, name="The Lighthouse")
    free = make_title(channel, asset_id=make_ready_asset(creator.id).id, name="The Ferry")
    make_offer(sold, "buy")
    make_offer(free, "free")
    grant(viewer, sold, "buy")
    return House(creator, viewer, stranger, staff, channel, sold, free)
