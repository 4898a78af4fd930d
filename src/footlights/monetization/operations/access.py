"""Who may change what a title is sold for."""

import uuid

from footlights.accounts.api import Permission
from footlights.catalog.api import TitleAccess, title_access
from footlights.kernel.errors import NotFoundError


def require_seller(*, title_id: uuid.UUID, editor_id: uuid.UUID) -> TitleAccess:
    """The title, when `editor_id` may set its price. To anybody else it does not exist: raises NotFoundError."""
    access = title_access(title_id, editor_id)
    if access is None or access.state == "deleted" or not access.may(Permission.SET_PRICES):
        raise NotFoundError("There is no such title.")
    return access
