from collections.abc import Collection
from datetime import datetime
from typing import Unpack
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.catalog import models, policies
from footlights.catalog.operations.locking import lock_titles
from footlights.catalog.operations.telling import facts_of, tell_changes
from footlights.catalog.records import BulkChanges
from footlights.kernel.errors import InvalidInputError


@transaction.atomic
def edit_titles(*, title_ids: Collection[UUID], editor_id: UUID, at: datetime, **changes: Unpack[BulkChanges]) -> int:
    """The same change to many titles, all or none. Locks them. Answers how many.

    Raises NotFoundError when one of them is not the editor's, InvalidInputError.
    """
    if len(title_ids) > policies.MAX_BULK_TITLES:
        raise InvalidInputError(_("Choose at most %(limit)d titles.") % {"limit": policies.MAX_BULK_TITLES})
    titles = lock_titles(title_ids, editor_id)
    were = [facts_of(title) for title in titles]
    for title in titles:
        if "category" in changes:
            title.category = policies.clean_category(changes["category"])
        if "language" in changes:
            title.language = policies.clean_language(changes["language"])
        if "maturity" in changes:
            title.maturity = policies.clean_maturity(changes["maturity"])
        if "add_tags" in changes:
            title.tags = policies.clean_tags([*title.tags, *changes["add_tags"]])
        title.updated_at = at
    count = models.Title.objects.bulk_update(titles, ["category", "language", "maturity", "tags", "updated_at"])
    tell_changes(titles, were)
    return count
