"""What can be shared, and whose it is: asked of the context that owns it, so that nobody shares another's."""

import uuid
from collections.abc import Callable

from footlights.catalog.api import list_collections, list_titles
from footlights.kernel.errors import NotFoundError
from footlights.splits.records import Subject, SubjectKind

Find = Callable[[uuid.UUID], Subject | None]
_finders: dict[SubjectKind, Find] = {}


def register_subject(kind: SubjectKind, find: Find) -> None:
    """Let subjects of `kind` be shared: `find` gives the channel and the name of one, None where there is none."""
    _finders[kind] = find


def find_subject(kind: SubjectKind, subject_id: uuid.UUID) -> Subject | None:
    return _finders[kind](subject_id) if kind in _finders else None


def get_subject(kind: SubjectKind, subject_id: uuid.UUID) -> Subject:
    """Raises NotFoundError."""
    subject = find_subject(kind, subject_id)
    if subject is None:
        raise NotFoundError("There is nothing here to share.")
    return subject


def _find_title(title_id: uuid.UUID) -> Subject | None:
    title = list_titles([title_id]).get(title_id)
    return Subject(title.channel_id, title.name) if title else None


def _find_collection(collection_id: uuid.UUID) -> Subject | None:
    collection = list_collections([collection_id]).get(collection_id)
    if collection is None:
        return None
    name = f"{collection.series}, {collection.name}" if collection.series else collection.name
    return Subject(collection.channel_id, name)


register_subject(SubjectKind.TITLE, _find_title)
register_subject(SubjectKind.COLLECTION, _find_collection)
