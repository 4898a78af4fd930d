"""What the trail is told of titles. Joins the caller's transaction, with the titles' channels loaded."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from footlights.audit.api import FROM_ORIGIN as WHO_ASKS
from footlights.audit.api import Act, NewRecord, changed, record_many, shortened
from footlights.catalog import models

Facts = Mapping[str, Any]
TOLD = ("name", "slug", "description", "language", "category", "tags", "maturity", "credit", "poster_id")


def tell(
    act: Act,
    title: models.Title,
    *,
    before: Facts | None = None,
    after: Facts | None = None,
    actor_id: UUID | None = WHO_ASKS,
) -> None:
    """That `act` happened to the title."""
    tell_all(act, [(title, before, after or {})], actor_id=actor_id)


def tell_all(
    act: Act, changes: Iterable[tuple[models.Title, Facts | None, Facts]], *, actor_id: UUID | None = WHO_ASKS
) -> None:
    """As `tell`, of many titles in one statement: each with what it was and what it is now."""
    record_many(
        [
            NewRecord(
                act=act,
                object_kind="title",
                object_id=title.pk,
                actor_id=actor_id,
                channel_id=title.channel_id,
                person_ids=[title.channel.owner_id],
                before=before,
                after={"name": title.name, **after},
            )
            for title, before, after in changes
        ]
    )


def tell_changes(titles: Iterable[models.Title], were: Iterable[Facts]) -> None:
    """What differs from what they were (as `facts_of` gave it); of a title in which nothing does, nothing."""
    differ = [(title, *changed(was, facts_of(title))) for title, was in zip(titles, were, strict=True)]
    tell_all(Act.TITLE_CHANGED, [(title, before, after) for title, before, after in differ if after])


def facts_of(title: models.Title) -> dict[str, Any]:
    facts = {name: getattr(title, name) for name in TOLD}
    return facts | {"description": shortened(facts["description"]), "tags": list(facts["tags"])}
