"""What people do about alerts: acknowledge one, silence a kind, end a silence."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from footlights.alerts.kinds import Kind
from footlights.alerts.models import AlertRow, SilenceRow
from footlights.alerts.records import Silence
from footlights.audit.api import Act, record
from footlights.kernel.errors import InvalidInputError, NotFoundError

SILENCE_MAX = timedelta(days=30)


@transaction.atomic
def acknowledge_alert(*, alert_id: UUID, by_id: UUID, at: datetime) -> None:
    """Somebody looks after it: it leaves the banner. Repeatable, the first one stays. Raises NotFoundError."""
    changed = AlertRow.objects.filter(pk=alert_id, acknowledged_at=None)
    if changed.update(acknowledged_at=at, acknowledged_by=by_id, acknowledged_count=F("count")):
        record(act=Act.ALERT_ACKNOWLEDGED, object_kind="alert", object_id=alert_id, actor_id=by_id)
    elif not AlertRow.objects.filter(pk=alert_id).exists():
        raise NotFoundError("There is no such alert.")


@transaction.atomic
def silence_alerts(*, kind: str, subject: str, lasts: timedelta, reason: str, by_id: UUID, at: datetime) -> Silence:
    """Tell nobody of such alerts until then; without a subject, of none of the kind. They are listed all the same.

    Raises InvalidInputError.
    """
    if kind not in set(Kind) or not timedelta() < lasts <= SILENCE_MAX:
        raise InvalidInputError("A silence is for one kind of alert and lasts 30 days at most.")
    row = SilenceRow.objects.create(kind=kind, subject=subject, until=at + lasts, by=by_id, reason=reason[:200])
    told = {"kind": kind, "subject": subject, "until": row.until, "reason": row.reason}
    record(act=Act.ALERTS_SILENCED, object_kind="silence", object_id=row.pk, actor_id=by_id, after=told)
    return row.to_record()


@transaction.atomic
def end_silence(*, silence_id: UUID, by_id: UUID, at: datetime) -> None:
    """Repeatable. Raises NotFoundError."""
    row = SilenceRow.objects.select_for_update(no_key=True).filter(pk=silence_id).first()
    if row is None:
        raise NotFoundError("There is no such silence.")
    if row.until > at:
        row.until = at
        row.save(update_fields=["until"])
        record(act=Act.ALERTS_HEARD_AGAIN, object_kind="silence", object_id=row.pk, actor_id=by_id)
