"""What somebody who is signed in can do with a channel: whoever is a member is not asked to become one."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from footlights.subscriptions.api import State, find_living
from footlights.web.design.page import part


def channel_ways(shown: Mapping[str, Any], viewer_id: UUID | None) -> str:
    """`shown` is the shared page's. Empty for a visitor, whose page is the same for all.

    Asks only where memberships are offered.
    """
    if viewer_id is None:
        return ""
    own = find_living(viewer_id, shown["channel"].id) if shown["membership"] else None
    is_member = own is not None and own.state is not State.PENDING
    return part("storefront/channel_ways.html", {**shown, "own": own if is_member else None})
