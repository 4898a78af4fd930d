from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.ingest.api import Latency
from footlights.live import models, policies, queries
from footlights.live.errors import CarriedElsewhereError, NotAdmittedError, WrongMomentError
from footlights.live.keys import digest_of
from footlights.live.operations.change_state import begin
from footlights.live.records import PAID, Admission, State


@transaction.atomic
def admit_sender(*, stream_key: str, node: str, at: datetime, gone: str = "") -> Admission:
    """Let in whoever has a channel's key, to the broadcast that is on air or comes next, before a byte is taken.

    The broadcast is `node`'s from here on: another ingest that told of a sender within HEARD_WITHIN keeps it, unless it
    is `gone`. One that starts by itself is on air. Locks the broadcast. Raises NotAdmittedError, CarriedElsewhereError.
    """
    key = models.StreamKeyRow.objects.filter(digest=digest_of(stream_key)).first()
    if key is None:
        raise NotAdmittedError(_("This stream key is not known. Copy it anew from the studio."))
    rows = models.BroadcastRow.objects.select_for_update(no_key=True)
    open_rows = rows.filter(channel_id=key.channel_id, state__in=[State.ON_AIR, State.PLANNED]).order_by("pk")
    by_id = {row.pk: row for row in open_rows[: policies.MAX_PLANNED + 1]}
    chosen = policies.broadcast_to_send_to(map(queries.record_of, by_id.values()), at)
    if chosen is None:
        raise NotAdmittedError(_("Nothing is planned now. Plan a broadcast in the studio, then start sending."))
    return let_in(by_id[chosen.id], key, node=node, at=at, gone=gone)


def let_in(
    row: models.BroadcastRow, key: models.StreamKeyRow | None, *, node: str, at: datetime, gone: str
) -> Admission:
    """Of a broadcast that the caller has locked. Raises NotAdmittedError, CarriedElsewhereError."""
    is_heard = row.is_sending and row.heard_at and row.heard_at > at - policies.HEARD_WITHIN
    if row.node not in {"", node, gone} and is_heard:
        raise CarriedElsewhereError(_("Somebody is sending with this key already. Stop that first."), row.node)
    if row.state == State.PLANNED and row.starts_by_itself:
        try:
            begin(row, at=at)
        except WrongMomentError as error:
            raise NotAdmittedError(str(error)) from error
    row.node, row.heard_at, row.is_sending, row.problem = node, at, True, ""
    row.save(update_fields=["node", "heard_at", "is_sending", "problem"])
    return admission_of(row, key)


def admission_of(row: models.BroadcastRow, key: models.StreamKeyRow | None) -> Admission:
    """Where access is paid for, keys change: whoever may not watch any more, or passed one on, has the next not."""
    return Admission(
        broadcast_id=row.pk,
        folder=row.folder,
        key_id=row.key_id.hex,
        key=queries.content_key(row),
        key_since=key.since.isoformat() if key else "",
        is_on_air=row.state == State.ON_AIR,
        latency=Latency(row.latency),
        run_secret=queries.run_secret(row) if row.access in PAID else b"",
        key_lasts_s=policies.KEY_LASTS_S,
    )
