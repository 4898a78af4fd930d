"""A viewer's token: which subjects of one room they may read and write, until when. It is all the broker asks for."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from footlights.engagement import subjects
from footlights.engagement.adapters import claims
from footlights.engagement.adapters.nkeys import Kind, public_name
from footlights.engagement.adapters.trust import trust
from footlights.engagement.subjects import Kind as Said

TOKEN_LIFE = timedelta(minutes=10)
SUBSCRIPTIONS_MAX = 6  # the feed, the answers, the room as it is, the desk, and two to spare
PAYLOAD_BYTES_MAX = 4_096


def viewer_token(*, room_id: UUID, viewer_id: UUID, kinds: Sequence[Said], at: datetime) -> str:
    keys = trust()
    read = [subjects.feed(room_id), subjects.told(room_id, viewer_id), subjects.whole(room_id)]
    if Said.STAFF in kinds:
        read.append(subjects.desk(room_id))
    return claims.user_claims(
        keys.signing,
        account=keys.rooms.name,
        user=user_name(room_id, viewer_id),
        publish=[subjects.said(room_id, kind, viewer_id) for kind in kinds],
        subscribe=read,
        limits={"subs": SUBSCRIPTIONS_MAX, "payload": PAYLOAD_BYTES_MAX},
        at=at,
        expires_at=at + TOKEN_LIFE,
        is_bearer=True,
        tags=[room_id.hex],  # by which the brokers say who is where
    )


def user_name(room_id: UUID, viewer_id: UUID) -> str:
    """The broker's name of a viewer, the same for every token of theirs, so that one revocation ends them all.

    No private key belongs to it: a viewer shows the token, and signs nothing.
    """
    return public_name(Kind.USER, hashlib.sha256(room_id.bytes + viewer_id.bytes).digest())
