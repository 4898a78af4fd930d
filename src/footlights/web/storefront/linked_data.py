"""What search engines read of collections: schema.org, as JSON-LD. Pure."""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from footlights.catalog.api import Collection, Episode, Place

SCRIPT_SAFE = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def script_safe(fields: dict[str, Any]) -> SafeString:
    """JSON that may stand inside <script type="application/ld+json">."""
    return mark_safe(json.dumps(fields, ensure_ascii=False).translate(SCRIPT_SAFE))  # noqa: S308  < > & are escaped


def part_of(place: Place) -> dict[str, Any]:
    """What a title's own description says of where it belongs."""
    if place.collection.is_season:
        return {"episodeNumber": place.place, "partOfSeason": _named(place.collection)}
    return {"isPartOf": _named(place.collection)}


def collection_data(collection: Collection, episodes: Sequence[Episode], *, picture_url: str) -> dict[str, Any]:
    """A season with its episodes, or a collection with its parts."""
    items = [
        {"@type": "VideoObject", "position": each.place, "name": each.title.name, "url": _address(each.title.path)}
        for each in episodes
    ]
    fields: dict[str, Any] = {"@context": "https://schema.org", **_named(collection)}
    fields |= {"description": collection.description or collection.name, "image": picture_url or None}
    if collection.is_season:
        episode = [each | {"@type": "Episode", "episodeNumber": each["position"]} for each in items]
        fields |= {"seasonNumber": collection.number, "numberOfEpisodes": len(items), "episode": episode}
    else:
        fields["hasPart"] = items
    return {name: value for name, value in fields.items() if value is not None}


def _named(collection: Collection) -> dict[str, Any]:
    named: dict[str, Any] = {
        "@type": "CreativeWorkSeason" if collection.is_season else "Collection",
        "name": collection.name,
        "url": _address(collection.path),
    }
    if collection.series:
        named["partOfSeries"] = {"@type": "CreativeWorkSeries", "name": collection.series}
    return named


def _address(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
