"""Somebody paid with what they had not paid with before: bans know them by it, and others by what is theirs."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from footlights.engagement.models import BanRow
from footlights.engagement.operations.catch import catch
from footlights.payments.api import list_payers

METHODS_MAX = 50  # of one ban


def note_method(*, person_id: UUID, digest: bytes, at: datetime) -> None:
    """Their own bans hold it from now on; of more than METHODS_MAX the oldest are forgotten. Locks those bans.

    Whoever a ban keeps out for it is put out of the channel's rooms at once. Safe to repeat.
    """
    with transaction.atomic():
        own = BanRow.objects.select_for_update(no_key=True).filter(person_id=person_id).order_by("pk")
        for row in own:
            known = [bytes(each) for each in row.methods]
            if digest not in known:
                row.methods = [*known, digest][-METHODS_MAX:]
                row.save(update_fields=["methods"])
                catch(row, list_payers([digest]), at=at)
        for row in BanRow.objects.filter(methods__contains=[digest]).exclude(person_id=person_id):
            catch(row, [person_id], at=at)
