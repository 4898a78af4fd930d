"""Ask whoever earns here for their tax details, and remind them."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from footlights.accounts.api import taxpayers_among
from footlights.audit.api import Act, record
from footlights.kernel.events import publish
from footlights.ledger.api import list_account_codes
from footlights.sellers import policies
from footlights.sellers.events import SellerAsked
from footlights.sellers.models import AskRow
from footlights.sellers.payees import CREATOR, PERSON, owners_of
from footlights.terms.api import seller_hold_days

BATCH = 500


def ask_sellers(*, at: datetime) -> int:
    """Everybody whose account ever moved and who said nothing yet; returns how many were told.

    Each person is a transaction of their own; what died is gone on with by the next call, and nobody is told twice.
    """
    hold_days = seller_hold_days(at)
    return sum(_ask(person_id, accounts, hold_days, at) for person_id, accounts in _silent())


def _silent() -> Iterator[tuple[uuid.UUID, list[str]]]:
    for kind in (CREATOR, PERSON):
        after = kind
        while batch := list_account_codes(kind, after=after, limit=BATCH):
            owners = owners_of(batch)
            said = taxpayers_among(owners)
            yield from ((person_id, accounts) for person_id, accounts in owners.items() if person_id not in said)
            after = batch[-1]


@transaction.atomic
def _ask(person_id: uuid.UUID, accounts: list[str], hold_days: int, at: datetime) -> int:
    """Locks the person's row. Publishes SellerAsked for the first time, and for each reminder."""
    row, is_new = AskRow.objects.select_for_update(no_key=True).get_or_create(
        pk=person_id, defaults={"accounts": sorted(accounts), "asked_at": at}
    )
    reminder = 0
    if not is_new:
        due = policies.due_reminder(asked_at=row.asked_at, reminders=row.reminders, hold_days=hold_days, at=at)
        row.accounts, reminder = sorted({*row.accounts, *accounts}), due or 0
        row.reminders = due or row.reminders
        row.save(update_fields=["accounts", "reminders"])
        if due is None:
            return 0
    held_on = (row.asked_at + timedelta(days=hold_days)).date() if hold_days else None
    record(
        act=Act.SELLER_ASKED,
        object_kind="person",
        object_id=person_id,
        person_ids=[person_id],
        after={"reminder": reminder, "held_on": held_on.isoformat() if held_on else ""},
    )
    publish(SellerAsked(person_id=person_id, reminder=reminder, held_on=held_on, at=at))
    return 1
