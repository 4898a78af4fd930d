"""Where alerts are sent: add, try and remove a destination."""

import base64
import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.alerts.models import DestinationRow
from footlights.alerts.operations.deliver import a_test, address_context, key_context, send
from footlights.alerts.records import Destination
from footlights.audit.api import Act, record
from footlights.kernel import crypto
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.ids import new_id
from footlights.kernel.outgoing import AddressRefusedError, OutgoingError, check_url

DESTINATIONS_MAX = 20
KEY_BYTES = 32


def add_destination(*, kind: str, name: str, url: str, by_id: UUID, at: datetime) -> tuple[Destination, str]:
    """The new destination, and the key a webhook is signed with, which is shown this once.

    Raises InvalidInputError for an address we would never call.
    """
    try:
        host = check_url(url).hostname or ""
    except AddressRefusedError as error:
        raise InvalidInputError(str(error), field="url") from error
    is_signed = kind == DestinationRow.Kind.WEBHOOK
    key = f"whsec_{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}" if is_signed else ""
    new = new_id()
    with transaction.atomic():
        if DestinationRow.objects.count() >= DESTINATIONS_MAX:
            raise InvalidInputError(_("There are enough destinations. Remove one first."))
        row = DestinationRow.objects.create(
            id=new,
            kind=DestinationRow.Kind(kind),
            name=name,
            host=host,
            sealed_url=crypto.seal(url.encode(), context=address_context(new)),
            sealed_key=crypto.seal(key.encode(), context=key_context(new)) if key else None,
            made_at=at,
        )
        told = {"kind": kind, "name": name, "host": host}
        record(act=Act.ALERT_DESTINATION_ADDED, object_kind="destination", object_id=new, actor_id=by_id, after=told)
    return row.to_record(), key


def remove_destination(*, destination_id: UUID, by_id: UUID) -> None:
    """Raises NotFoundError. What was on its way there is given up."""
    with transaction.atomic():
        row = DestinationRow.objects.select_for_update().filter(pk=destination_id).first()
        if row is None:
            raise NotFoundError("There is no such destination.")
        told = {"kind": row.kind, "name": row.name, "host": row.host}
        act = Act.ALERT_DESTINATION_REMOVED
        record(act=act, object_kind="destination", object_id=row.pk, actor_id=by_id, before=told)
        row.delete()


def try_destination(*, destination_id: UUID, at: datetime) -> str:
    """Send a test; what went wrong, or nothing. Raises NotFoundError."""
    row = DestinationRow.objects.filter(pk=destination_id).first()
    if row is None:
        raise NotFoundError("There is no such destination.")
    try:
        send(row, a_test(at), delivery_id=f"test_{new_id()}", at=at)
    except OutgoingError as error:
        return str(error)
    return ""
