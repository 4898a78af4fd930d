"""Bounded reads of who people are to a tax office."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from footlights.accounts.models import TaxpayerRow
from footlights.accounts.records import KeptTaxpayer, Taxpayer
from footlights.accounts.sealing import unseal_taxpayer

AT_ONCE = 500


def find_taxpayer(person_id: UUID) -> KeptTaxpayer | None:
    row = TaxpayerRow.objects.filter(pk=person_id).first()
    return _kept(row) if row else None


def taxpayers_among(person_ids: Iterable[UUID]) -> set[UUID]:
    """Those of them who said who they are, in one query, with nothing opened."""
    return set(TaxpayerRow.objects.filter(pk__in=set(person_ids)).values_list("pk", flat=True))


def list_taxpayers(*, after: UUID | None = None, limit: int = AT_ONCE) -> list[KeptTaxpayer]:
    """Everybody's, by id, so many at once after the last one seen."""
    rows = TaxpayerRow.objects.order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return [_kept(row) for row in rows[: min(limit, AT_ONCE)]]


def list_to_erase(on: date) -> list[UUID]:
    """Whose day has come, at most 500."""
    return list(TaxpayerRow.objects.filter(erase_on__lte=on).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


def count_taxpayers() -> int:
    return TaxpayerRow.objects.count()


def _kept(row: TaxpayerRow) -> KeptTaxpayer:
    taxpayer: Taxpayer = unseal_taxpayer(row.sealed, row.pk)
    return KeptTaxpayer(person_id=row.pk, taxpayer=taxpayer, kept_at=row.kept_at, erase_on=row.erase_on)
