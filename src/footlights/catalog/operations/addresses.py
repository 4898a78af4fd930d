"""Where a title is found within its channel. The caller holds the channel's lock."""

from uuid import UUID

from footlights.catalog import models


def free_slug(channel_id: UUID, wanted: str, *, keep_for: UUID | None = None) -> str:
    """`wanted`, or with the first number that makes it free. An old address is taken, except for its own title."""
    titles = models.Title.objects.filter(channel_id=channel_id, slug__startswith=wanted).values_list("slug", "pk")
    old = models.OldAddress.objects.filter(channel_id=channel_id, slug__startswith=wanted).values_list(
        "slug", "title_id"
    )
    taken = {slug for slug, title_id in titles.union(old) if title_id != keep_for}
    if wanted not in taken:
        return wanted
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{wanted}-{number}") not in taken)


def move_address(title: models.Title, slug: str) -> None:
    """Give the title another slug and keep the old one leading to it. Does not save the title."""
    models.OldAddress.objects.filter(channel_id=title.channel_id, slug=slug, title=title).delete()
    models.OldAddress.objects.get_or_create(channel_id=title.channel_id, slug=title.slug, title=title)
    title.slug = slug
