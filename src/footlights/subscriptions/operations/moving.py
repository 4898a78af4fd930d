"""Take hold of a subscription, and move it from one state to another by a named move."""

import uuid
from typing import Any

from django.utils.translation import gettext as _

from footlights.kernel.errors import NotFoundError
from footlights.subscriptions.errors import NotNowError
from footlights.subscriptions.models import SubscriptionRow
from footlights.subscriptions.policies.states import Move
from footlights.subscriptions.records import State


def lock(subscription_id: uuid.UUID) -> SubscriptionRow:
    """The row, locked until the transaction ends. Whoever changes anything of a subscription takes this lock first."""
    return SubscriptionRow.objects.select_for_update(no_key=True).get(pk=subscription_id)


def lock_own(subscription_id: uuid.UUID, subscriber_id: uuid.UUID) -> SubscriptionRow:
    """Raises NotFoundError for another's."""
    rows = SubscriptionRow.objects.select_for_update(no_key=True)
    row = rows.filter(pk=subscription_id, subscriber_id=subscriber_id).first()
    if row is None:
        raise NotFoundError("There is no such subscription.")
    return row


def move(row: SubscriptionRow, how: Move, **fields: Any) -> None:
    """Joins the caller's transaction, which holds the row. Raises NotNowError where the move does not exist."""
    if State(row.state) not in how.sources:
        raise NotNowError(_("This has changed in the meantime. Load the page again."))
    change(row, state=how.target, **({} if how is Move.PAUSE else {"pause_ends_at": None}), **fields)


def change(row: SubscriptionRow, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))
