"""What a title's price card says to one reader: play, go on, get it, or wait. Pure words: monetization decides."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext as _

from footlights.catalog.api import Title
from footlights.monetization.api import Decision, Entitlement, Offer, OfferKind, Reason
from footlights.playback.api import Progress
from footlights.web.design.tags import time_left, timecode
from footlights.web.storefront.ways import Way, ways_of

ENOUGH_TO_CONTINUE_MS = 5_000
PRICED = frozenset({OfferKind.BUY, OfferKind.RENT, OfferKind.TICKET})


@dataclass(frozen=True, slots=True)
class Standing:
    """`badge` says how it is theirs, `note` what to know; `action` is the one button, `ways` are how to get it."""

    badge: str = ""
    badge_kind: Literal["", "gain", "wrong"] = ""
    heading: str = ""
    note: str = ""
    action_label: str = ""
    action_href: str = ""
    percent: int = 0
    ways: list[Way] = field(default_factory=list)
    asks_to_sign_in: bool = False

    @property
    def plays(self) -> bool:
        return bool(self.action_href)

    @property
    def has_prices(self) -> bool:
        """Whether a way says what it costs: to follow and what is free do not, and members read it where they join."""
        return any(way.kind in PRICED for way in self.ways)


def standing_of(
    *,
    title: Title,
    offers: Sequence[Offer],
    decision: Decision,
    at: datetime,
    progress: Progress | None = None,
) -> Standing:
    if decision.allowed:
        return _plays(title, decision, progress, at)
    ways = [] if decision.reason is Reason.HELD else ways_of(title, offers, at)
    if had := _had(decision):
        return replace(had, ways=ways)
    if not ways:
        return Standing(
            heading=_("Not for sale yet"),
            note=_("The people who made it have not said yet how to get it. Look in again soon."),
        )
    return Standing(ways=ways, asks_to_sign_in=decision.reason is Reason.SIGN_IN)


def _had(decision: Decision) -> Standing | None:
    """What they had, and may not watch now."""
    if decision.reason is Reason.RENTAL_OVER:
        return Standing(badge=_("Rental over"), note=_("Your time with it has ended. Get it again:"))
    if decision.reason is Reason.HELD:
        return Standing(badge=_("Waits for your bank"), note=decision.explanation)
    if decision.reason is Reason.REFUNDED:
        return Standing(badge=_("Refunded"), note=_("You have your money back. Get it again:"))
    if decision.reason is Reason.PRESS_OVER:
        return Standing(badge=_("Press"), heading=_("Your press code is over"), note=decision.explanation)
    return None


def _plays(title: Title, decision: Decision, progress: Progress | None, at: datetime) -> Standing:
    label, percent = _("Watch") if title.kind == "video" else _("Listen"), 0
    if progress and not progress.finished and progress.position_ms >= ENOUGH_TO_CONTINUE_MS:
        label = _("Continue at %(time)s") % {"time": timecode(progress.position_ms)}
        percent = max(1, progress.percent)
    elif decision.reason is Reason.FREE:
        label = _("Watch free") if title.kind == "video" else _("Listen for free")
    badge, note = _how_it_is_theirs(decision, at)
    return Standing(
        badge=badge,
        badge_kind="gain" if badge else "",
        note=note,
        action_label=label,
        action_href=reverse("watch:title", args=[title.channel_handle, title.slug]),
        percent=percent,
    )


def _how_it_is_theirs(decision: Decision, at: datetime) -> tuple[str, str]:
    if decision.reason is Reason.RENTED:
        return _("Rented"), rental_note(decision, at)
    if decision.reason is Reason.PRESS:
        return _("Press"), decision.explanation
    if decision.reason is Reason.TICKET:
        return _("With your ticket"), rental_note(decision, at) if decision.ends_at else ""
    lasting = {
        Reason.OWNER: (_("Your own title"), ""),
        Reason.BOUGHT: (_("Yours for ever"), ""),
        Reason.MEMBER: (_("For members"), _("Yours to watch as long as your membership lasts.")),
        Reason.PASS: (_("In your pass"), _("Yours to watch as long as your pass lasts.")),
    }
    return lasting.get(decision.reason, ("", ""))


def rental_note(rental: Decision | Entitlement, at: datetime) -> str:
    """How long a rental lasts still: once started its hours, before that the days to start."""
    if rental.ends_at:
        return _("%(time)s left to watch.") % {"time": time_left(rental.ends_at, at)}
    if rental.start_by:
        return _("Press play within %(time)s; your hours begin then.") % {"time": time_left(rental.start_by, at)}
    return _("Your hours begin when you press play.")
