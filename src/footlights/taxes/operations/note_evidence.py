"""Keep what tells where a buyer is."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from footlights.taxes.models import EvidenceRow
from footlights.taxes.policies import decide_country
from footlights.taxes.records import Evidence, KeptEvidence


def note_evidence(*, reference: str, evidence: Evidence, at: datetime) -> KeptEvidence:
    """Keep the evidence of a purchase ("purchase:<id>"). Joins the caller's transaction.

    What comes later adds to it, like the card's country once it was paid; a piece that is known stays. Safe to repeat.
    """
    with transaction.atomic():
        row, is_new = EvidenceRow.objects.select_for_update(no_key=True).get_or_create(
            reference=reference, defaults={**_columns(evidence), "noted_at": at}
        )
        if not is_new:
            known = row.evidence
            pieces = {piece: getattr(known, piece) or getattr(evidence, piece) for piece in Evidence.__slots__}
            for column, value in _columns(replace(known, **pieces)).items():
                setattr(row, column, value)
            row.save()
    return row.to_record()


def _columns(evidence: Evidence) -> dict[str, str | bool]:
    found = decide_country(evidence)
    return {
        "address_country": evidence.address,
        "billing_country": evidence.billing,
        "payment_country": evidence.payment,
        "postcode": evidence.postcode,
        "country": found.country,
        "is_conflicting": found.is_conflicting,
    }
