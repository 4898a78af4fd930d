from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from footlights.alerts.models import CheckRow
from footlights.alerts.records import Check

FORGOTTEN_AFTER = timedelta(days=1)  # of a machine that is gone


@transaction.atomic
def note_checks(checks: Sequence[Check], *, machine: str, at: datetime) -> None:
    """What a machine's parts look like now, instead of what they looked like before. Repeatable; the last one stays."""
    rows = [
        CheckRow(
            machine=machine,
            place=place,
            what=each.what[:40],
            seen=each.seen[:400],
            level=each.level,
            mend=each.mend[:400],
            looked_at=at,
        )
        for place, each in enumerate(checks)
    ]
    told = ["what", "seen", "level", "mend", "looked_at"]
    CheckRow.objects.bulk_create(rows, update_conflicts=True, unique_fields=["machine", "place"], update_fields=told)
    CheckRow.objects.filter(machine=machine, place__gte=len(rows)).delete()
    CheckRow.objects.filter(looked_at__lt=at - FORGOTTEN_AFTER).delete()
