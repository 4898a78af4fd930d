"""Where an account's money is sent from now on."""

import uuid
from datetime import datetime

from django.db import transaction

from footlights.audit.api import Act
from footlights.kernel.events import publish
from footlights.payouts import policies
from footlights.payouts.events import DestinationChanged
from footlights.payouts.models import IS_CURRENT, DestinationRow
from footlights.payouts.operations.payee import lock_account
from footlights.payouts.operations.telling import tell


@transaction.atomic
def set_destination(*, destination_id: uuid.UUID, account: str, label: str, at: datetime) -> None:
    """Take another account at the bank; nothing goes to it for 72 hours, nor to the one before.

    The gateway says so after its hosted page; told again, nothing changes. Locks the payee. Publishes
    DestinationChanged.
    """
    lock_account(account)
    if DestinationRow.objects.filter(pk=destination_id).exists():
        return
    before = DestinationRow.objects.filter(IS_CURRENT, account=account).first()
    DestinationRow.objects.filter(IS_CURRENT, account=account).update(retired_at=at)
    usable_from = at + policies.DESTINATION_WAITS
    made = DestinationRow.objects.create(
        pk=destination_id, account=account, label=label, set_at=at, usable_from=usable_from
    )
    tell(Act.PAYOUT_DESTINATION_SET, made, label=label, before=before.label if before else "")
    publish(DestinationChanged(account=account, label=label, usable_from=usable_from, at=at))
