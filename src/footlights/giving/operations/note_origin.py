"""From where something is given: only for whoever looks for stolen cards, and only for a day."""

from datetime import UTC, datetime, timedelta

from django.utils.crypto import salted_hmac

from footlights.accounts.api import address_network
from footlights.audit.api import current_origin
from footlights.giving.models import OriginRow

KEPT_FOR = timedelta(days=1)


def note_origin(*, reference: str, at: datetime) -> None:
    """The block of the address that asks now, if one does. Joins the caller's transaction."""
    network = address_network(current_origin().address)
    if network:
        salt = f"footlights.giving.origin:{at.astimezone(UTC).date()}"
        block = salted_hmac(salt, network, algorithm="sha256").hexdigest()
        OriginRow.objects.get_or_create(reference=reference, defaults={"block": block, "at": at})


def forget_origins(*, at: datetime) -> int:
    """All of before a day. Returns how many."""
    return OriginRow.objects.filter(at__lt=at - KEPT_FOR).delete()[0]
