"""may_watch, the one decision: who may watch what, and why. Bounded reads; the rules are in policies."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from footlights.catalog.api import TitleAccess, is_follower, is_visible, title_access, title_access_lately
from footlights.kernel.reads import fetch_rows
from footlights.monetization import policies
from footlights.monetization.naming import name_when_read
from footlights.monetization.records import Decision, Entitlement, Membership, Offer, OfferKind
from footlights.monetization.screening import PressTicket

OFFERS_AND_HOLDINGS = """
select 'offer', kind, tier, null::uuid, null::timestamptz, null::timestamptz, null::timestamptz, null::timestamptz,
    null::timestamptz, 0, null::timestamptz
from monetization_offer where title_id = %(title_id)s and withdrawn_at is null
union all
select 'entitlement', kind, null, collection_id, granted_at, start_by, started_at, ends_at, revoked_at, 0, held_at
from monetization_entitlement where viewer_id = %(viewer_id)s and title_id = %(title_id)s
union all
select 'membership', '', tier, channel_id, granted_at, null, null, until, ended_at, 0, held_at
from monetization_membership
where viewer_id = %(viewer_id)s and (channel_id = %(channel_id)s or channel_id is null and exists (
    select from monetization_pass_channel taking_part where taking_part.channel_id = %(channel_id)s
        and from_day <= %(today)s and (until_day is null or until_day > %(today)s)
))
union all
select 'press', '', press.watches_max, press.title_id, null, press.ends_at, null, max(screening.ends_at),
    code.withdrawn_at, count(screening.id)::integer, null
from monetization_press_code code
join monetization_press_pass press on press.id = code.press_id
left join monetization_screening screening on screening.code_id = code.id and screening.title_id = %(title_id)s
where code.redeemed_by = %(viewer_id)s
    and (press.title_id = %(title_id)s or (press.title_id is null and press.channel_id = %(channel_id)s))
group by code.id, press.id
"""


def may_watch(viewer_id: uuid.UUID | None, title_id: uuid.UUID, at: datetime) -> Decision:
    """Whether `viewer_id` (None: nobody signed in) may watch the title then, and why.

    Two queries at most, or three of what is for followers.
    """
    return _decide(title_access(title_id, viewer_id), viewer_id, at)


def may_go_on_watching(viewer_id: uuid.UUID | None, title_id: uuid.UUID, at: datetime) -> Decision:
    """The same for whoever was let in or sees a kept page: what they hold is read now, the title of two seconds ago."""
    return _decide(title_access_lately(title_id, viewer_id), viewer_id, at)


def may_anybody_watch(
    offers: Sequence[Offer],
    *,
    is_visible: bool,
    at: datetime,
    signed_in: bool = False,
    entitlements: Sequence[Entitlement] = (),
) -> Decision:
    """What `may_watch` says to somebody who is not signed in, from the title's offers as they were read. No query.

    Or to somebody who would be, and would hold `entitlements`.
    """
    standing = policies.Standing(
        signed_in=signed_in,
        exists=True,
        visible=is_visible,
        is_manager=False,
        offer_kinds=frozenset(offer.kind for offer in offers),
        entitlements=entitlements,
    )
    return policies.decide(standing, at)


def _decide(access: TitleAccess | None, viewer_id: uuid.UUID | None, at: datetime) -> Decision:
    if access is None or access.state == "deleted":
        standing = policies.Standing(
            signed_in=viewer_id is not None,
            exists=False,
            visible=False,
            is_manager=False,
            offer_kinds=frozenset(),
            entitlements=(),
        )
        return policies.decide(standing, at)
    held = _Holdings() if access.is_manager else _holdings(viewer_id, access, at)
    standing = policies.Standing(
        signed_in=viewer_id is not None,
        exists=True,
        visible=is_visible(access, viewer_id, at),
        is_manager=access.is_manager,
        offer_kinds=frozenset(held.tiers),
        entitlements=held.entitlements,
        tier=held.tiers.get(OfferKind.MEMBERS),
        memberships=held.memberships,
        press=held.press,
        is_follower=OfferKind.FOLLOWERS in held.tiers and is_follower(access.channel_id, viewer_id),
    )
    return policies.decide(standing, at)


@dataclass(frozen=True, slots=True)
class _Holdings:
    """How a title can be had (the tier is that of members), and what a viewer holds."""

    tiers: dict[OfferKind, int | None] = field(default_factory=dict)
    entitlements: list[Entitlement] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    press: list[PressTicket] = field(default_factory=list)


def _holdings(viewer_id: uuid.UUID | None, access: TitleAccess, at: datetime) -> _Holdings:
    """All in one round trip: the licence endpoint asks this for every viewer."""
    held = _Holdings()
    today = at.astimezone(UTC).date()
    asked = {"viewer_id": viewer_id, "title_id": access.title_id, "channel_id": access.channel_id, "today": today}
    for source, kind, tier, of_id, granted_at, start_by, started_at, ends_at, over_at, times, held_at in fetch_rows(
        OFFERS_AND_HOLDINGS, asked
    ):
        if source == "offer":
            held.tiers[OfferKind(kind)] = tier
        elif source == "entitlement":
            moments = (granted_at, start_by, started_at, ends_at, over_at, held_at)
            held.entitlements.append(
                Entitlement(access.title_id, OfferKind(kind), *moments, collection=name_when_read(of_id))
            )
        elif source == "press":
            held.press.append(PressTicket(of_id, tier, times, start_by, ends_at, over_at))
        else:
            held.memberships.append(Membership(of_id, tier, granted_at, ends_at, over_at, held_at))
    return held
