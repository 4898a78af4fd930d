"""What browser tests share beside the service and its visitors: a packaged film, for sale, and who bought it."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from uuid import UUID

import pytest

from footlights.accounts.testing import make_person
from footlights.catalog.models import Title
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.media import models
from footlights.media.api import Asset, add_captions, get_asset
from footlights.media.testing import make_ready_asset
from footlights.monetization.testing import grant, make_offer
from footlights.ops.instance import Instance

CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:06.000\nGood evening, everybody.\n"


@pytest.fixture
def packaged(service: Instance) -> Iterator[Callable[..., Asset]]:
    """A film (or with `audio` a recording) that was really packaged and encrypted, for a title of this test.

    Packaging takes seconds and nothing is rolled back here, so each test takes the one film over from the test before
    and leaves it as it was, however the test ends.
    """
    taken: list[tuple[UUID, UUID]] = []

    def take_over(*, audio: bool = False) -> Asset:
        asset_id, package_id = _packaged(service.home, audio=audio)
        taken.append((asset_id, package_id))
        Title.objects.filter(asset_id=asset_id).update(asset_id=new_id())
        asset = get_asset(asset_id)
        assert asset.state == "ready", "something altered it between two tests"
        return asset

    yield take_over
    for asset_id, package_id in taken:
        models.Asset.objects.filter(id=asset_id).update(state="ready", package=package_id)


@cache
def _packaged(_home: Path, *, audio: bool) -> tuple[UUID, UUID]:
    """The asset and the package it is to have."""
    row = models.Asset.objects.get(id=make_ready_asset(new_id(), audio=audio).id)
    assert row.package_id
    return row.id, row.package_id


@pytest.fixture
def film(packaged):
    """A film for sale, with English captions, and its creator."""
    asset = packaged()
    add_captions(
        asset_id=asset.id, owner_id=asset.owner_id, language="en", body=CAPTIONS, filename="film.en.vtt", at=now()
    )
    title = make_title(
        make_channel(make_person()), asset_id=asset.id, duration_ms=asset.duration_ms, name="The Lighthouse"
    )
    make_offer(title, "buy")
    return title


@pytest.fixture
def viewer(film):
    viewer = make_person()
    grant(viewer, film, "buy")
    return viewer
