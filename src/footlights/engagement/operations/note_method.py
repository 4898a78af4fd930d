"""Somebody who is banned paid with something else: it keeps them out, too, whichever account they take next."""

from uuid import UUID

from django.db import transaction

from footlights.engagement.models import BanRow

METHODS_MAX = 50  # of one ban


def note_method(*, person_id: UUID, digest: bytes) -> None:
    """Locks the person's bans. Safe to repeat; of more than METHODS_MAX the oldest are forgotten."""
    with transaction.atomic():
        for row in BanRow.objects.select_for_update(no_key=True).filter(person_id=person_id).order_by("pk"):
            known = [bytes(each) for each in row.methods]
            if digest not in known:
                row.methods = [*known, digest][-METHODS_MAX:]
                row.save(update_fields=["methods"])
