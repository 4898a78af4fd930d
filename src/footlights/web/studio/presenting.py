"""What the studio's pages show of titles and their files, in words. Reads through the contexts' doors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from footlights.catalog.api import Title
from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.media import api as media
from footlights.media.api import Asset, Upload
from footlights.monetization import api as monetization
from footlights.monetization.api import Offer, OfferKind
from footlights.playback import api as playback

PLAYABLE = {"playable", "ready"}
OVER = {"rejected", "failed"}
SETTLED = {"ready", *OVER}

FileState = Literal["none", "receiving", "expired", "working", "playable", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class StageLine:
    """One line of the stages component."""

    label: str
    state: str
    percent: int
    words: str


@dataclass(frozen=True, slots=True)
class FileStatus:
    """How a title's newest file fares. `replaces` when an older one plays meanwhile."""

    state: FileState
    stages: list[StageLine]
    failure: str
    notice: str
    replaces: bool
    upload: Upload | None
    asset: Asset | None

    @property
    def settled(self) -> bool:
        """Nothing more happens by itself, so nobody need ask again."""
        return self.state in {"none", "expired", "ready", "failed"}

    @property
    def waits(self) -> bool:
        """Nothing is done with it at the moment: other files are before it."""
        return self.state == "working" and all(stage.state != "running" for stage in self.stages)

    @property
    def may_retry(self) -> bool:
        return self.asset is not None and self.asset.state == "failed"


@dataclass(frozen=True, slots=True)
class Badge:
    label: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class TitleRow:
    """One line of the list of titles."""

    title: Title
    badge: Badge
    price: str
    views: int
    earned: Money | None
    trouble: str


def badge_of(title: Title) -> Badge:
    return {
        "draft": Badge(_("Draft")),
        "scheduled": Badge(_("Scheduled"), "strong"),
        "unlisted": Badge(_("By link")),
        "published": Badge(_("Public"), "gain") if title.playable else Badge(_("Public when ready"), "gain"),
        "deleted": Badge(_("Deleted"), "wrong"),
    }[title.state]


def price_words(offers: Sequence[Offer]) -> str:
    """How one gets it, shortly: Free, €4.00, rent €2.00 · keep €9.00; nothing where it is not for sale."""
    reader = get_language() or "en"
    if any(offer.kind == OfferKind.FREE for offer in offers):
        return _("Free")
    words = {OfferKind.RENT: _("rent %(price)s"), OfferKind.BUY: _("keep %(price)s")}
    cheapest_first = sorted(offers, key=lambda offer: offer.price.amount_minor)
    return " · ".join(words[offer.kind] % {"price": offer.price.format(reader)} for offer in cheapest_first)


def title_rows(titles: Sequence[Title], *, earned: dict[UUID, Money]) -> list[TitleRow]:
    """Lines for these titles: one query for all prices, one for all views, three for the files still on their way."""
    ids = [title.id for title in titles]
    offers = monetization.offers_for_titles(ids)
    views = playback.view_counts(ids)
    waiting = {asset for title in titles for asset in _awaited(title)}
    assets = media.list_assets(waiting) if waiting else {}
    return [
        TitleRow(
            title=title,
            badge=badge_of(title),
            price=price_words(offers.get(title.id, [])),
            views=views.get(title.id, 0),
            earned=earned.get(title.id),
            trouble=trouble_of(title, offers.get(title.id, []), assets),
        )
        for title in titles
    ]


def trouble_of(title: Title, offers: Sequence[Offer], assets: dict[UUID, Asset]) -> str:
    """What keeps this title from its viewers, or from looking its best; empty when nothing does."""
    failed = next((a for pk in _awaited(title) if (a := assets.get(pk)) and a.state in OVER), None)
    if failed is not None:
        return _("The file did not work")
    if title.state == "deleted":
        return ""
    if title.asset_id is None and title.upload_id is None:
        return _("No file yet")
    if title.asset_id is None:
        return _("Upload not finished")
    if not offers:
        return _("No price yet")
    return _("No poster yet") if title.poster is None and title.playable else ""


def _awaited(title: Title) -> Iterable[UUID]:
    if title.next_asset_id is not None:
        yield title.next_asset_id
    if title.asset_id is not None and not title.playable:
        yield title.asset_id


def file_status(title: Title) -> FileStatus:
    """Of the title's newest file: the one being uploaded, the one that is to replace, or the one that plays."""
    upload = _open_upload(title)
    if upload is not None:
        return _status_of_upload(upload, replaces=title.playable)
    asset = find_asset(title.next_asset_id or title.asset_id)
    if asset is None:
        return FileStatus("none", [], "", "", replaces=False, upload=None, asset=None)
    return FileStatus(
        state=_state_of(asset),
        stages=[_line(stage.name, stage.state, stage.percent, stage.seconds_left) for stage in asset.stages],
        failure=asset.failure or "",
        notice=asset.notice or "",
        replaces=title.next_asset_id is not None,
        upload=None,
        asset=asset,
    )


def find_asset(asset_id: UUID | None) -> Asset | None:
    return media.list_assets([asset_id]).get(asset_id) if asset_id else None


def _open_upload(title: Title) -> Upload | None:
    """The upload the title still waits for, if it has one that did not become its file yet."""
    if title.upload_id is None:
        return None
    try:
        upload = media.get_upload(title.upload_id, title.owner_id)
    except NotFoundError:
        return None
    return None if upload.asset_id in {title.asset_id, title.next_asset_id} - {None} else upload


def _status_of_upload(upload: Upload, *, replaces: bool) -> FileStatus:
    states: dict[str, FileState] = {"receiving": "receiving", "complete": "working", "expired": "expired"}
    percent = 100 * upload.offset_bytes // max(1, upload.size_bytes)
    receiving = upload.state == "receiving"
    return FileStatus(
        state=states[upload.state],
        stages=[
            _line("upload", "running" if receiving else "done", percent, None),
            *(_line(name, "waiting", 0, None) for name in ("check", "first", "quality", "finish")),
        ],
        failure=_(
            "The upload was left unfinished for too long, and its part was cleared away. Please upload the file again."
        )
        if upload.state == "expired"
        else "",
        notice="",
        replaces=replaces,
        upload=upload,
        asset=None,
    )


def _state_of(asset: Asset) -> FileState:
    if asset.state in OVER:
        return "failed"
    if asset.state == "ready":
        return "ready"
    return "playable" if asset.state == "playable" else "working"


def _line(name: str, state: str, percent: int, seconds_left: int | None) -> StageLine:
    labels = {
        "upload": _("Upload"),
        "check": _("Check the file"),
        "first": _("Get it ready to play"),
        "quality": _("Make the other qualities"),
        "finish": _("Finish"),
    }
    words = ""
    if state == "running":
        words = " · ".join(part for part in (f"{percent} %", time_left(seconds_left)) if part)
    elif state == "done":
        words = _("done")
    return StageLine(labels[name], state, percent, words)


def time_left(seconds: int | None) -> str:
    """Roughly, as people say it."""
    if seconds is None:
        return ""
    if seconds < 60:  # noqa: PLR2004  a minute
        return _("less than a minute left")
    minutes = round(seconds / 60)
    if minutes < 90:  # noqa: PLR2004  an hour and a half
        return ngettext("about %(count)d minute left", "about %(count)d minutes left", minutes) % {"count": minutes}
    hours = round(seconds / 3600)
    return ngettext("about %(count)d hour left", "about %(count)d hours left", hours) % {"count": hours}
