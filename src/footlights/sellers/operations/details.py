"""A seller says who they are to a tax office, or wants it forgotten."""

import uuid
from datetime import date, datetime

from django.db import transaction

from footlights.accounts.api import Taxpayer, erase_taxpayer, keep_taxpayer, list_to_erase
from footlights.ledger.api import last_credit_of
from footlights.sellers import policies
from footlights.sellers.models import AskRow
from footlights.sellers.payees import accounts_of


@transaction.atomic
def give_details(*, person_id: uuid.UUID, given: Taxpayer, at: datetime) -> None:
    """Keep them; nothing is held back for them any more. Safe to repeat. Raises InvalidInputError."""
    keep_taxpayer(person_id=person_id, given=given, at=at)
    AskRow.objects.filter(pk=person_id).delete()


def erase_details(*, person_id: uuid.UUID, at: datetime) -> date | None:
    """At once for who never earned; else on the day that is returned, from which no law asks for them. Repeatable."""
    until = policies.kept_until(last_credit_of(accounts_of(person_id), apart=policies.PAID_OUT))
    return erase_taxpayer(person_id=person_id, not_before=until, at=at)


def erase_what_is_due(*, at: datetime) -> None:
    """Of those who asked for it. Who earned again meanwhile gets a later day."""
    for person_id in list_to_erase(at.date()):
        erase_details(person_id=person_id, at=at)
