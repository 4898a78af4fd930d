"""Keep who a person is to a tax office, and let go of it again."""

from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from footlights.accounts.models import TaxpayerRow
from footlights.accounts.records import Taxpayer
from footlights.accounts.sealing import seal_taxpayer
from footlights.accounts.taxpayer_numbers import tidy_account_number, tidy_tax_number, tidy_vat_number
from footlights.accounts.taxpayer_rules import asked_of, faults_of
from footlights.audit.api import Act, record
from footlights.kernel.errors import InvalidInputError

ALWAYS = frozenset({"kind", "country"})


@transaction.atomic
def keep_taxpayer(*, person_id: UUID, given: Taxpayer, at: datetime) -> Taxpayer:
    """What was kept before is written over, and a wish to have it erased is taken back. Safe to repeat.

    What their country does not ask for is left out. Raises InvalidInputError for the first fault of faults_of. The
    trail is told that it changed, not what it says.
    """
    asked = _only_what_is_asked(given)
    for field, fault in faults_of(asked, on=at.date()).items():
        raise InvalidInputError(fault, field=field)
    tidy = replace(
        asked,
        tax_number=tidy_tax_number(asked.tax_number, asked.country),
        other_tax_number=tidy_tax_number(asked.other_tax_number, asked.other_country),
        vat_number=tidy_vat_number(asked.vat_number),
        account_number=tidy_account_number(asked.account_number),
    )
    sealed = seal_taxpayer(tidy, person_id)
    TaxpayerRow.objects.update_or_create(pk=person_id, defaults={"sealed": sealed, "kept_at": at, "erase_on": None})
    record(act=Act.TAX_DETAILS_KEPT, object_kind="person", object_id=person_id, person_ids=[person_id])
    return tidy


@transaction.atomic
def erase_taxpayer(*, person_id: UUID, not_before: date | None, at: datetime) -> date | None:
    """At once, or on the day from which no law asks for it any more; that day, or None when it is gone.

    Safe to repeat; nothing happens where nothing is kept.
    """
    rows = TaxpayerRow.objects.filter(pk=person_id)
    if not_before is not None and at.date() < not_before:
        if rows.exclude(erase_on=not_before).update(erase_on=not_before):
            record(
                act=Act.TAX_DETAILS_ERASURE_ASKED,
                object_kind="person",
                object_id=person_id,
                person_ids=[person_id],
                after={"erased_on": not_before.isoformat()},
            )
        return not_before if rows.exists() else None
    if rows.delete()[0]:
        record(act=Act.TAX_DETAILS_ERASED, object_kind="person", object_id=person_id, person_ids=[person_id])
    return None


def _only_what_is_asked(given: Taxpayer) -> Taxpayer:
    asked = asked_of(country=given.country, kind=given.kind) | ALWAYS
    values: dict[str, Any] = {}
    for name in (each.name for each in fields(given) if each.name in asked):
        value = getattr(given, name)
        values[name] = " ".join(value.split()) if type(value) is str else value
    return Taxpayer(**values)
