"""Somebody who had no account comes by the link in their mail."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.accounts.api import find_person
from footlights.kernel.errors import NotAllowedError, NotFoundError
from footlights.splits.models import PartyRow
from footlights.splits.queries import digest_of


def take_up(*, token: str, person_id: uuid.UUID) -> uuid.UUID:
    """From now on the share is this person's, to sign or to decline; answers the agreement's id. Good once.

    Locks the party. Raises NotFoundError, and NotAllowedError to anybody but whoever has the address it went to.
    """
    with transaction.atomic():
        row = PartyRow.objects.select_for_update(no_key=True).filter(digest=digest_of(token)).first()
        if row is None:
            raise NotFoundError("There is no such link.")
        person = find_person(person_id)
        if person is None or person.email != row.address:
            raise NotAllowedError(_("This link went to another address."))
        if row.agreement.parties.filter(person_id=person_id).exists():
            raise NotAllowedError(_("You are in this agreement already, by another address."))
        row.person_id, row.sealed_address, row.digest = person_id, None, None
        row.save(update_fields=["person_id", "sealed_address", "digest"])
    return row.agreement_id
