"""What a collection is called, looked up only when somebody reads it: most decisions are asked for their yes alone."""

import uuid

from django.utils.functional import lazy

from footlights.catalog.api import Collection, list_collections


def full_name(collection: Collection) -> str:
    """Its name, after that of its series: Lantern, Season 1."""
    return f"{collection.series}, {collection.name}" if collection.series else collection.name


def name_of(collection_id: uuid.UUID) -> str:
    return full_name(list_collections([collection_id])[collection_id])


def name_when_read(collection_id: uuid.UUID | None) -> str:
    return _lazily(collection_id) if collection_id else ""


_lazily = lazy(name_of, str)
