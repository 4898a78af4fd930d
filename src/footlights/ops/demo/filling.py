"""Puts the demo's programme into a running service, through the doors of the contexts only.

Every step looks first whether it is done, so an interrupted filling goes on where it stopped.
The real film goes first, so that there is something to watch within the first minute.
"""

import secrets
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from footlights.accounts import api as accounts
from footlights.catalog import api as catalog
from footlights.kernel import environment
from footlights.kernel.clock import now
from footlights.kernel.environment import read_or_create_secret
from footlights.kernel.errors import FootlightsError, NotFoundError
from footlights.media import api as media
from footlights.monetization import api as monetization
from footlights.monetization.api import NewOffer, OfferKind
from footlights.ops.demo import films
from footlights.ops.demo.programme import AUDIENCE, HOUSES, SALES, WATCHED, WORKS, House, Work
from footlights.payments import api as payments
from footlights.playback import api as playback

PICTURES = Path(__file__).parent / "posters"
DOMAIN = "footlights.example"
WAIT_FOR_ASSET_S = 3600
WAIT_FOR_MONEY_S = 30
TRAILER_S = 8
CAPTIONS = b"WEBVTT\n\n00:01.000 --> 00:08.000\n[Gentle music, birds far away]\n"

Report = Callable[[str, float], None]


class DemoError(FootlightsError):
    code = "demo"


class Filling:
    """One run. `report` is given a step's name and how much of it is done, 0 to 1."""

    def __init__(self, report: Report, *, real_film: Path) -> None:
        self.report = report
        self.real_film = real_film
        self.people: dict[str, UUID] = {}
        self.titles: dict[str, UUID] = {}

    def run(self) -> None:
        self._people()
        for house in HOUSES:
            self._channel(house)
        for work in WORKS:
            self._title(work)
        for work in WORKS:
            self._wait(work, {"playable", "ready"}, f"{work.name}: can be watched")
        self._captions()
        for work in WORKS:
            if work.film is None:
                self._trailer(work)
        self._sales()
        self._watching()
        for work in WORKS:
            self._wait(work, {"ready"}, f"{work.name}: every quality")

    def _people(self) -> None:
        """The first account is the owner's: an administrator."""
        password = passphrase()
        if not accounts.has_any_person():
            accounts.create_owner(
                email=f"admin@{DOMAIN}", password=password, display_name="Sam Okonkwo", currency="EUR"
            )
        names = {"creator": HOUSES[0].owner, "viewer": "Robin Vale", **AUDIENCE}
        names |= {house.handle: house.owner for house in HOUSES[1:]}
        for index, (key, name) in enumerate(names.items()):
            person = accounts.create_person(email=f"{key}@{DOMAIN}", password=password, display_name=name)
            self.people[key] = person.id
            self.report("People", (index + 1) / len(names))
        self.people[HOUSES[0].handle] = self.people["creator"]

    def _channel(self, house: House) -> None:
        owner = self.people[house.handle]
        try:
            channel = catalog.get_channel_by_handle(house.handle)
        except NotFoundError:
            channel = catalog.open_channel(
                owner_id=owner, handle=house.handle, name=house.name, description=house.description, at=now()
            )
        if channel.banner is None:
            avatar, banner = (self._picture(owner, f"{house.art}-{use}", use) for use in ("avatar", "banner"))
            catalog.edit_channel(channel_id=channel.id, editor_id=owner, at=now(), avatar_id=avatar, banner_id=banner)
        self.report(f"Channel {house.name}", 1)

    def _title(self, work: Work) -> None:
        """A title with its file, words, poster and prices. It is out as soon as its file plays."""
        owner = self.people[work.house]
        title = catalog.find_title_by_path(work.house, work.slug)
        if title is None:
            self.report(f"{work.name}: film, poster and prices", 0)
            channel = catalog.get_channel_by_handle(work.house)
            upload_id = self._file(owner, work)
            title = catalog.create_title(
                channel_id=channel.id, editor_id=owner, name=work.name, upload_id=upload_id, at=now()
            )
        self.titles[work.slug] = title.id
        if title.poster is None:
            catalog.edit_title(
                title_id=title.id,
                editor_id=owner,
                at=now(),
                slug=work.slug,
                description=work.description,
                category=work.category,
                tags=work.tags,
                maturity=work.maturity,
                language=work.language,
                credit=work.credit,
                poster_id=self._picture(owner, work.slug, "poster"),
            )
        offers = [NewOffer(kind=OfferKind(kind), price=price) for kind, price in work.offers]
        monetization.set_offers(title_id=title.id, editor_id=owner, offers=offers, at=now())
        if title.state == "draft":
            catalog.publish_title(title_id=title.id, editor_id=owner, at=now())
        self.report(f"{work.name}: film, poster and prices", 1)

    def _captions(self) -> None:
        """The real film's, so that there are some to switch on."""
        for work in WORKS:
            asset_id = catalog.get_title(self.titles[work.slug]).asset_id
            if work.film is None and asset_id and not media.list_captions(asset_id):
                media.add_captions(
                    asset_id=asset_id, owner_id=self.people[work.house], language="en", body=CAPTIONS, at=now()
                )

    def _trailer(self, work: Work) -> None:
        """The real film's, made of its own first seconds."""
        title = catalog.get_title(self.titles[work.slug])
        if title.trailer_asset_id or title.next_trailer_asset_id:
            return
        with tempfile.TemporaryDirectory(prefix="footlights-demo-") as folder:
            file = Path(folder) / f"{work.slug}-trailer.mp4"
            films.cut_trailer(self.real_film, seconds=TRAILER_S, into=file)
            upload_id = self._upload(title.owner_id, file)
        catalog.set_trailer(title_id=title.id, editor_id=title.owner_id, upload_id=upload_id, at=now())

    def _file(self, owner: UUID, work: Work) -> UUID:
        """Hand in the real film, or one made on the spot."""
        if work.film is None:
            return self._upload(owner, self.real_film)
        with tempfile.TemporaryDirectory(prefix="footlights-demo-") as folder:
            file = Path(folder) / f"{work.slug}.mp4"
            films.make(work.film, poster=PICTURES / f"{work.slug}.webp", into=file)
            return self._upload(owner, file)

    def _upload(self, owner: UUID, file: Path) -> UUID:
        size = file.stat().st_size
        upload = media.start_upload(
            owner_id=owner, filename=file.name, size_bytes=size, content_type="video/mp4", at=now()
        )
        with file.open("rb") as body:
            media.append_to_upload(upload_id=upload.id, owner_id=owner, offset_bytes=0, body=body, at=now())
        return upload.id

    def _picture(self, owner: UUID, name: str, purpose: str) -> UUID:
        body = (PICTURES / f"{name}.webp").read_bytes()
        return media.store_picture(owner_id=owner, body=body, purpose=purpose, at=now()).id  # type: ignore[arg-type]  # one of its three

    def _wait(self, work: Work, states: set[str], step: str) -> None:
        """Until the pipeline has brought the title's file that far. Raises DemoError."""
        deadline = time.monotonic() + WAIT_FOR_ASSET_S
        while time.monotonic() < deadline:
            asset_id = catalog.get_title(self.titles[work.slug]).asset_id
            if asset_id:
                asset = media.get_asset(asset_id)
                if asset.state in states:
                    self.report(step, 1)
                    return
                if asset.state in {"rejected", "failed"}:
                    raise DemoError(f"{work.name}: {asset.failure}")
                stages = [stage.percent for stage in asset.stages]
                self.report(step, sum(stages) / (100 * len(stages)) if stages else 0)
            time.sleep(0.5)
        raise DemoError(f"{work.name} took longer than {WAIT_FOR_ASSET_S} s. Is the worker running? footlights doctor")

    def _sales(self) -> None:
        for index, (who, slug, kind) in enumerate(SALES):
            self._sell(self.people[who], slug, kind)
            self.report("Sales", (index + 1) / len(SALES))

    def _sell(self, viewer: UUID, slug: str, kind: str) -> None:
        """Buy as a viewer does: by the gateway's hosted page, with the card that works; wait until it is theirs."""
        title_id = self.titles[slug]
        if monetization.may_watch(viewer, title_id, now()).allowed:
            return
        offer = next(offer for offer in monetization.list_offers(title_id) if offer.kind == kind)
        purchase = monetization.buy_title(
            viewer_id=viewer, offer_id=offer.id, idempotency_key=f"demo-{slug}-{kind}", at=now()
        )
        if purchase.hosted_url:
            page = purchase.hosted_url.rstrip("/").rsplit("/", 1)[-1]
            payments.sandbox.pay(page, card=payments.sandbox.CARDS["paid"], at=now())
        deadline = time.monotonic() + WAIT_FOR_MONEY_S
        while not monetization.may_watch(viewer, title_id, now()).allowed and time.monotonic() < deadline:
            time.sleep(0.2)

    def _watching(self) -> None:
        """The viewer has begun a few films, so that there is something to continue."""
        viewer = self.people["viewer"]
        seen = {progress.title_id for progress in playback.list_continue_watching(viewer, now(), 50)}
        for index, (slug, percent) in enumerate(WATCHED):
            if self.titles[slug] not in seen:
                self._watch(viewer, self.titles[slug], percent)
            self.report("Watch history", (index + 1) / len(WATCHED))

    def _watch(self, viewer: UUID, title_id: UUID, percent: int) -> None:
        duration_ms = catalog.get_title(title_id).duration_ms or 0
        position_ms = duration_ms * percent // 100
        key = secrets.token_urlsafe(16)
        began = now() - timedelta(milliseconds=position_ms)
        session = playback.start_watching(
            viewer_id=viewer, session_key=key, title_id=title_id, device="The demo", at=began
        )
        playback.record_beat(
            token=session.token,
            session_keys=[key],
            sequence=1,
            position_ms=position_ms,
            watched_ms=position_ms,
            at=now(),
            leaving=True,
        )


def passphrase() -> str:
    """The one password of the demo's people, made for this installation."""
    words = ("amber", "curtain", "lantern", "velvet", "poster", "ticket", "balcony", "reel", "matinee", "spotlight")

    def make() -> bytes:
        return f"{secrets.choice(words)}-{secrets.choice(words)}-{secrets.randbelow(10_000):04d}".encode()

    return read_or_create_secret(environment.load().secrets / "demo.password", make).decode()
