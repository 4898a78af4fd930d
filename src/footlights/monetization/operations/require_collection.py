"""Whether a collection can be bought, and somebody has a use for it."""

import uuid
from datetime import datetime

from django.utils.translation import gettext as _

from footlights.accounts.api import Permission
from footlights.catalog.api import get_collection, list_public_ids_in, may
from footlights.kernel.errors import NotFoundError
from footlights.monetization.collections import has_bought, kept_titles
from footlights.monetization.errors import AlreadyYoursError


def require_collection(viewer_id: uuid.UUID, collection_id: uuid.UUID, at: datetime) -> uuid.UUID:
    """Its channel's id, when this viewer can get it now and does not have all of it.

    Raises NotFoundError, also while none of its titles is out, and AlreadyYoursError.
    """
    collection = get_collection(collection_id)
    title_ids = list_public_ids_in(collection_id, at)
    if collection.state != "published" or not title_ids:
        raise NotFoundError(_("This is not for sale."))
    if may(viewer_id, Permission.SEE_CHANNEL, collection.channel_id):
        raise AlreadyYoursError(_("You manage this. Nothing was charged."))
    if has_bought(viewer_id, collection_id) or kept_titles(viewer_id, title_ids) >= set(title_ids):
        raise AlreadyYoursError(_("All of it is yours already. Nothing was charged."))
    return collection.channel_id
