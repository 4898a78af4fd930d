from datetime import datetime
from typing import Unpack
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.catalog import models, policies, queries
from footlights.catalog.operations.addresses import free_slug, move_address
from footlights.catalog.operations.locking import lock_title
from footlights.catalog.operations.telling import facts_of, tell_changes
from footlights.catalog.records import Title, TitleChanges
from footlights.kernel.errors import InvalidInputError
from footlights.media import api as media


@transaction.atomic
def edit_title(*, title_id: UUID, editor_id: UUID, at: datetime, **changes: Unpack[TitleChanges]) -> Title:
    """Change what is given and leave the rest.

    The address follows the name until the title has been out; after that it stays, unless `slug` is given: then the old
    one leads to the new. Locks the title. Raises NotFoundError to strangers, InvalidInputError with its field.
    """
    title = lock_title(title_id, editor_id)
    policies.check_changeable(title.state)
    was = facts_of(title)
    _edit_words(title, changes)
    _edit_choices(title, changes)
    _edit_address(title, changes, at)
    if (poster := changes.get("poster_id")) and not media.owns_picture(poster, title.channel.owner_id):
        raise InvalidInputError(_("That picture is gone. Choose another."), field="poster")
    title.poster_id = changes.get("poster_id", title.poster_id)
    title.updated_at = at
    title.save(update_fields=[*_FIELDS, "updated_at"])
    tell_changes([title], [was])
    return queries.get_title(title_id)


_FIELDS = ("name", "slug", "description", "language", "category", "tags", "maturity", "credit", "poster_id")


def _edit_words(title: models.Title, changes: TitleChanges) -> None:
    if "name" in changes:
        title.name = policies.clean_name(changes["name"])
    if "description" in changes:
        limit = policies.MAX_DESCRIPTION_CHARS
        title.description = policies.clean_text(changes["description"], limit=limit, field="description")
    if "credit" in changes:
        title.credit = policies.clean_credit(changes["credit"])


def _edit_choices(title: models.Title, changes: TitleChanges) -> None:
    if "language" in changes:
        title.language = policies.clean_language(changes["language"])
    if "category" in changes:
        title.category = policies.clean_category(changes["category"])
    if "maturity" in changes:
        title.maturity = policies.clean_maturity(changes["maturity"])
    if "tags" in changes:
        title.tags = policies.clean_tags(changes["tags"])


def _edit_address(title: models.Title, changes: TitleChanges, at: datetime) -> None:
    has_been_out = title.publish_at is not None and title.publish_at <= at
    if "slug" in changes and changes["slug"] != title.slug:
        slug = policies.clean_slug(changes["slug"])
        if free_slug(title.channel_id, slug, keep_for=title.pk) != slug:
            raise InvalidInputError(_("Another title of yours has this address."), field="slug")
        move_address(title, slug)
    elif "name" in changes and not has_been_out and "slug" not in changes:
        wanted = policies.slug_from(title.name)
        if not title.slug.startswith(wanted):
            title.slug = free_slug(title.channel_id, wanted, keep_for=title.pk)
