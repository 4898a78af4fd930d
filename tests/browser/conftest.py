"""What browser tests share beside the service and its visitors: a packaged film, and what axe-core finds in a page's way."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page

from footlights.catalog.models import Title
from footlights.kernel.ids import new_id
from footlights.media.api import Asset, get_asset
from footlights.media.testing import make_ready_asset
from footlights.ops.instance import Instance

AXE = (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text()
BARRIERS = """
async (only) => {
  const found = await axe.run(document, { resultTypes: ["violations"], ...(only && { runOnly: only }) });
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" ")}`);
}
"""


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


@pytest.fixture
def barriers() -> Callable[[Page], list[str]]:
    """What stands in somebody's way on a page: axe-core's findings, in light and in dark, and too wide for its screen."""

    def find(page: Page) -> list[str]:
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.evaluate(AXE)
        found = page.evaluate(BARRIERS)
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found += [f"in the dark: {each}" for each in page.evaluate(BARRIERS, ["color-contrast", "link-in-text-block"])]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append("wider than its screen")
        return found

    return find
