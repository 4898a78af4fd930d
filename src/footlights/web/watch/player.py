"""What the player's template needs, on its page and when embedded."""

import base64
from typing import Any

from footlights.catalog.api import Title
from footlights.media.api import Asset


def player_context(title: Title, asset: Asset | None, *, autoplay: bool) -> dict[str, Any]:
    """With `manifest_url` the browser fetches the manifest while the script still loads, with `key_ids` the licence."""
    poster = title.poster
    source = max(poster.sources, key=lambda source: source[0], default=None) if poster else None
    return {
        "title": title,
        "manifest_url": asset.playback.dash_url if asset and asset.playback else None,
        "key_ids": " ".join(map(_base64url, asset.playback.key_ids)) if asset and asset.playback else "",
        "storyboard_url": asset.storyboard_url if asset else None,
        "poster_url": source[1] if source else None,
        "autoplay": autoplay,
    }


def _base64url(key_id: str) -> str:
    """As licence requests write key ids (W3C Encrypted Media Extensions §9.1.3)."""
    return base64.urlsafe_b64encode(bytes.fromhex(key_id)).rstrip(b"=").decode()
