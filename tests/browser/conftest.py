"""What browser tests share beside the service and its visitors: a packaged film."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from uuid import UUID

import pytest

from footlights.catalog.models import Title
from footlights.kernel.ids import new_id
from footlights.media.api import Asset, get_asset
from footlights.media.testing import make_ready_asset
from footlights.ops.instance import Instance


@pytest.fixture
def packaged(service: Instance) -> Callable[..., Asset]:
    """A film (or with `audio` a recording) that was really packaged and encrypted, for a title of this test.

    Packaging takes seconds and nothing is rolled back here, so each test takes the one film over from the test before.
    """

    def take_over(*, audio: bool = False) -> Asset:
        asset = get_asset(_packaged(service.home, audio=audio))
        assert asset.state == "ready", "an earlier test left it altered"
        Title.objects.filter(asset_id=asset.id).update(asset_id=new_id())
        return asset

    return take_over


@cache
def _packaged(_home: Path, *, audio: bool) -> UUID:
    return make_ready_asset(new_id(), audio=audio).id
