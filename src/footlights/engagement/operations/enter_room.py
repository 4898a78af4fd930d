"""Somebody comes in, or stays: they are given a token for ten minutes, if they may be there."""

import hashlib
from datetime import datetime
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from footlights.engagement.adapters.tokens import TOKEN_LIFE, viewer_token
from footlights.engagement.errors import BannedError
from footlights.engagement.models import BanRow, ViewerRow
from footlights.engagement.queries import desk_of, mine_of
from footlights.engagement.records import Entry, Mine, Room
from footlights.engagement.staff import is_member_of, staff_of
from footlights.engagement.subjects import GUEST_KINDS, PERSON_KINDS, Kind

NOTHING = Mine(votes={}, raised=[])


def enter_room(room: Room, *, person_id: UUID | None, browser: str, at: datetime) -> Entry:
    """Let a person in, or a guest, who is known by their `browser`'s own secret and may react, but not speak.

    Whether they may be there at all is for the caller to know. Makes a person's row once. Raises BannedError.
    """
    if person_id is None:
        viewer_id = uuid5(room.id, hashlib.sha256(browser.encode()).hexdigest())
        token = viewer_token(room_id=room.id, viewer_id=viewer_id, kinds=GUEST_KINDS, at=at)
        return Entry(
            viewer_id, token, at + TOKEN_LIFE,
            may_speak=False, is_staff=False, is_member=False, mine=NOTHING, desk=None,
        )  # fmt: skip
    if BanRow.objects.filter(channel_id=room.channel_id, person_id=person_id).exists():
        raise BannedError(_("You were banned from the rooms of this channel. You can go on watching."))
    is_staff = person_id in staff_of(room.channel_id)
    is_member = is_member_of(room.channel_id, person_id, at)
    viewer, is_new = ViewerRow.objects.get_or_create(
        room_id=room.id, person_id=person_id, defaults={"created_at": at, "is_member": is_member}
    )
    if viewer.is_member != is_member:
        viewer.is_member = is_member
        viewer.save(update_fields=["is_member"])
    kinds = (*PERSON_KINDS, Kind.STAFF) if is_staff else PERSON_KINDS
    return Entry(
        viewer.pk,
        viewer_token(room_id=room.id, viewer_id=viewer.pk, kinds=kinds, at=at),
        at + TOKEN_LIFE,
        may_speak=True,
        is_staff=is_staff,
        is_member=is_member,
        mine=NOTHING if is_new else mine_of(room.id, viewer.pk),
        desk=desk_of(room.id) if is_staff else None,
    )
