"""What the player's template needs, on its page and when embedded."""

from typing import Any

from footlights.catalog.api import Title
from footlights.media.api import Asset


def player_context(title: Title, asset: Asset | None, *, autoplay: bool) -> dict[str, Any]:
    """With `manifest_url` the browser fetches the manifest while the script still loads."""
    poster = title.poster
    source = max(poster.sources, key=lambda source: source[0], default=None) if poster else None
    return {
        "title": title,
        "manifest_url": asset.playback.dash_url if asset and asset.playback else None,
        "storyboard_url": asset.storyboard_url if asset else None,
        "poster_url": source[1] if source else None,
        "autoplay": autoplay,
    }
