"""Somebody comes in, or stays: they are given a token for ten minutes, if they may be there."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from footlights.engagement.adapters.tokens import TOKEN_LIFE, viewer_token
from footlights.engagement.errors import BannedError
from footlights.engagement.models import BanRow, RoomRow, ViewerRow
from footlights.engagement.policies import NEAR_BAN
from footlights.engagement.queries import desk_of, mine_of
from footlights.engagement.records import Entry, Mine, Room
from footlights.engagement.staff import is_member_of, staff_of
from footlights.engagement.subjects import GUEST_KINDS, PERSON_KINDS, Kind
from footlights.kernel import blind_index
from footlights.payments.api import list_fingerprints

NOTHING = Mine(votes={}, raised=[])
DEVICE, NETWORK = "room-device", "room-network"


@dataclass(frozen=True, slots=True)
class Came:
    """What somebody came in with: their `browser`'s own secret, and the network it is in ("" when unknown).

    Kept as digests that nobody can read, so that a ban outlives a new account.
    """

    browser: str
    network: str = ""

    @property
    def device(self) -> bytes:
        return blind_index.digest(self.browser, context=DEVICE)

    @property
    def block(self) -> bytes | None:
        return blind_index.digest(self.network, context=NETWORK) if self.network else None


def enter_room(room: Room, *, person_id: UUID | None, came: Came, at: datetime) -> Entry:
    """Let a person in, or a guest, who is known by their browser alone and may react, but not speak.

    Whether they may be there at all is for the caller to know. Makes a person's row once. Raises BannedError for who
    was banned, and for whoever uses the device they used or paid as they did; the team is let in on any.
    """
    is_staff = person_id is not None and person_id in staff_of(room.channel_id)
    if not is_staff and bans_of(room.channel_id, person_id, came).exists():
        raise BannedError(_("You were banned from the rooms of this channel. You can go on watching."))
    if room.entered_at is None or room.entered_at < at - timedelta(minutes=1):
        RoomRow.objects.filter(pk=room.id).update(entered_at=at)
    if person_id is None:
        viewer_id = uuid5(room.id, hashlib.sha256(came.browser.encode()).hexdigest())
        token = viewer_token(room_id=room.id, viewer_id=viewer_id, kinds=GUEST_KINDS, at=at)
        return Entry(
            viewer_id, token, at + TOKEN_LIFE,
            may_speak=False, is_staff=False, is_member=False, mine=NOTHING, desk=None,
        )  # fmt: skip
    viewer = _viewer(room, person_id, came, at)
    kinds = (*PERSON_KINDS, Kind.STAFF) if is_staff else PERSON_KINDS
    return Entry(
        viewer.pk,
        viewer_token(room_id=room.id, viewer_id=viewer.pk, kinds=kinds, at=at),
        at + TOKEN_LIFE,
        may_speak=True,
        is_staff=is_staff,
        is_member=viewer.is_member,
        mine=mine_of(room.id, viewer.pk),
        desk=desk_of(room.id, room.channel_id, at) if is_staff else None,
    )


def bans_of(channel_id: UUID, person_id: UUID | None, came: Came) -> QuerySet[BanRow]:
    """Those that keep them out: their own, that of whoever used this device, and that of whoever paid as they did."""
    meant = Q(person_id=person_id) | Q(device=came.device)
    if person_id is not None and (paid_with := list_fingerprints(person_id)):
        meant |= Q(methods__overlap=paid_with)
    return BanRow.objects.filter(meant, channel_id=channel_id)


def _viewer(room: Room, person_id: UUID, came: Came, at: datetime) -> ViewerRow:
    """Their row, with what is known of them now."""
    known = {
        "is_member": is_member_of(room.channel_id, person_id, at),
        "device": came.device,
        "network": came.block,
        "is_near_ban": came.block is not None
        and BanRow.objects.filter(channel_id=room.channel_id, network=came.block, at__gte=at - NEAR_BAN).exists(),
    }
    row, is_new = ViewerRow.objects.get_or_create(
        room_id=room.id, person_id=person_id, defaults={"created_at": at, **known}
    )
    changed = [name for name, value in known.items() if not is_new and getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, known[name])
        row.save(update_fields=changed)
    return row
