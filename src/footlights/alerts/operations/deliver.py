"""Take one alert to one destination."""

from datetime import datetime
from uuid import UUID

from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _

from footlights.accounts.api import Permission, list_persons_of_the_house, permissions_of
from footlights.alerts.adapters import messages
from footlights.alerts.errors import NotDeliveredError
from footlights.alerts.kinds import Severity
from footlights.alerts.models import DeliveryRow, DestinationRow
from footlights.alerts.records import Alert
from footlights.kernel import crypto
from footlights.kernel.ids import new_id
from footlights.kernel.outgoing import AddressRefusedError, OutgoingError, fetch

TRIES = 9  # the last about three hours after the first
WITHIN_S = 10.0
State = DeliveryRow.State


def deliver(*, delivery_id: UUID, at: datetime) -> None:
    """Send it, and say what came of it on the alert's page. What was delivered is not sent again.

    A process that dies between the sending and the noting sends once more, with the same id for the receiver to know it
    by. Raises NotDeliveredError while trying again may help.
    """
    row = DeliveryRow.objects.select_related("alert", "destination").filter(pk=delivery_id).first()
    if row is None or row.state != State.WAITING:
        return
    if row.is_mail:
        _mail(row, at)
        return
    if row.destination is None:
        _note(row, State.FAILED, _("The destination was removed."))
        return
    try:
        send(row.destination, row.alert.to_record(), delivery_id=f"alert_{row.id}", at=at)
    except AddressRefusedError as error:
        _note(row, State.FAILED, str(error))
    except OutgoingError as error:
        _note(row, State.FAILED if row.tries + 1 >= TRIES else State.WAITING, str(error))
        raise NotDeliveredError(str(error)) from error
    else:
        _note(row, State.DELIVERED, "", at=at)


def send(destination: DestinationRow, alert: Alert, *, delivery_id: str, at: datetime) -> None:
    """Raises OutgoingError when the receiver does not take it."""
    url = crypto.unseal(bytes(destination.sealed_url), context=address_context(destination.id)).decode()
    headers = {"content-type": "application/json"}
    if destination.kind == DestinationRow.Kind.WEBHOOK:
        key = crypto.unseal(bytes(destination.sealed_key or b""), context=key_context(destination.id)).decode()
        body, headers = messages.as_webhook(alert, delivery_id=delivery_id, key=key, at=at)
    else:
        as_chat = messages.as_slack if destination.kind == DestinationRow.Kind.SLACK else messages.as_discord
        body = as_chat(alert)
    answer = fetch("POST", url, headers=headers, body=body, within_s=WITHIN_S)
    if not answer.is_success:
        raise OutgoingError(_("The receiver answered with status %(status)d.") % {"status": answer.status})


def address_context(destination_id: object) -> str:
    return f"alert-destination:{destination_id}"


def key_context(destination_id: object) -> str:
    return f"alert-key:{destination_id}"


def a_test(at: datetime) -> Alert:
    """What the test button sends: nothing happened."""
    return Alert(
        id=new_id(),
        kind="test",
        title=_("This is a test"),
        severity=Severity.NOTABLE,
        anchor="test",
        subject="test",
        words=_("Alerts of this service arrive here. Nothing happened."),
        count=1,
        window_s=0,
        usual=0.0,
        facts={},
        records=(),
        opened_at=at,
        last_at=at,
        ended_at=None,
        acknowledged_at=None,
        acknowledged_by=None,
        told_again_at=None,
        is_silenced=False,
    )


@transaction.atomic
def _mail(row: DeliveryRow, at: datetime) -> None:
    """To each who handles alerts. Where a mail server is set this only hands it to jobs, in this transaction."""
    subject, words = messages.as_mail(row.alert.to_record())
    for person in list_persons_of_the_house():
        if Permission.HANDLE_ALERTS in permissions_of(person.roles):
            send_mail(subject, words, None, [person.email])
    _note(row, State.DELIVERED, "", at=at)


def _note(row: DeliveryRow, state: str, problem: str, *, at: datetime | None = None) -> None:
    row.state, row.problem, row.delivered_at, row.tries = state, problem[:300], at, row.tries + 1
    row.save(update_fields=["state", "problem", "delivered_at", "tries"])
