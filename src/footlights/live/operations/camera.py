"""Sending from a page: no stream key reaches a browser, a pass that is good for a moment does."""

from datetime import datetime
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from footlights.live import models, queries
from footlights.live.errors import NotAdmittedError, WrongMomentError
from footlights.live.operations.admit_sender import let_in
from footlights.live.records import Admission, State

SALT = "live.camera"
GOOD_FOR_S = 60  # a page connects at once; when its connection is lost it asks for another


def pass_for_camera(*, broadcast_id: UUID, editor_id: UUID) -> str:
    """What lets a page send to this broadcast. Raises NotFoundError, WrongMomentError."""
    if queries.get_managed_broadcast(broadcast_id, editor_id).is_over:
        raise WrongMomentError(_("It is over. Plan another one."))
    return signing.dumps(str(broadcast_id), salt=SALT)


@transaction.atomic
def admit_camera(*, camera_pass: str, node: str, at: datetime, gone: str = "") -> Admission:
    """As `admit_sender` does, to the broadcast that the pass names. Locks it. Raises NotAdmittedError."""
    try:
        broadcast_id = UUID(signing.loads(camera_pass, salt=SALT, max_age=GOOD_FOR_S))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NotAdmittedError(_("This page may not send any more. Load it anew.")) from error
    rows = models.BroadcastRow.objects.select_for_update(no_key=True)
    row = rows.filter(pk=broadcast_id, state__in=[State.ON_AIR, State.PLANNED]).first()
    if row is None:
        raise NotAdmittedError(_("It is over. Plan another one."))
    key = models.StreamKeyRow.objects.filter(channel_id=row.channel_id).first()
    return let_in(row, key, node=node, at=at, gone=gone)
