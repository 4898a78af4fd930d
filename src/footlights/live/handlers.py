"""What broadcasts do when the catalog tells of their recordings. Each may be told twice."""

from footlights.catalog.events import TitlePlayable, TitlePublished
from footlights.kernel.events import subscribe
from footlights.live.operations.offer_replay import offer_replay


@subscribe(TitlePlayable)
def offer_what_plays(event: TitlePlayable) -> None:
    offer_replay(title_id=event.title_id)


@subscribe(TitlePublished)
def offer_what_is_out(event: TitlePublished) -> None:
    offer_replay(title_id=event.title_id)
