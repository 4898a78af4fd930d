"""Who may change what a title is sold for."""

import uuid

from footlights.catalog.api import TitleAccess, title_access
from footlights.kernel.errors import NotFoundError


def require_manager(*, title_id: uuid.UUID, editor_id: uuid.UUID) -> TitleAccess:
    """The title, when `editor_id` manages it. To anybody else it does not exist: raises NotFoundError."""
    access = title_access(title_id, editor_id)
    if access is None or access.state == "deleted" or not access.is_manager:
        raise NotFoundError("There is no such title.")
    return access
