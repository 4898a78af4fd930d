"""The episode after this one: offered on the page one watches on, and over the picture at its end."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from footlights.catalog.api import Episode, Place, Title, list_places_of, list_public_titles_in
from footlights.monetization.api import may_watch


@dataclass(frozen=True, slots=True)
class Following:
    """`plays`: it can be watched at once; else `href` leads to its page, where it can be had."""

    episode: Episode
    place: Place
    href: str
    plays: bool


def following_of(title: Title, viewer_id: UUID | None, at: datetime) -> Following | None:
    """What comes after the title in the first season it stands in; None after the last, and outside of seasons."""
    place = next((each for each in list_places_of(title.id) if each.collection.is_season), None)
    if place is None:
        return None
    later = [each for each in list_public_titles_in(place.collection.id, at) if each.place > place.place]
    if not later:
        return None
    title = later[0].title
    plays = may_watch(viewer_id, title.id, at).allowed
    watch = f"{reverse('watch:title', args=[title.channel_handle, title.slug])}?autoplay=1"
    return Following(later[0], place, watch if plays else title.path, plays)
