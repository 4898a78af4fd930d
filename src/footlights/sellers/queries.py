"""Bounded reads of sellers."""

from datetime import datetime
from uuid import UUID

from footlights.sellers import policies
from footlights.sellers.models import AskRow
from footlights.sellers.records import Ask, Withheld
from footlights.terms.api import seller_hold_days

PAGE_SIZE = 50


def find_ask(person_id: UUID) -> Ask | None:
    row = AskRow.objects.filter(pk=person_id).first()
    return row.to_record() if row else None


def find_withheld(account: str, at: datetime) -> Withheld | None:
    """Whether what the account holds waits for its payee's tax details at `at`."""
    row = AskRow.objects.filter(accounts__contains=[account], reminders=policies.REMINDERS).first()
    since = held_from(row.to_record(), at) if row else None
    return Withheld(person_id=row.pk, since=since) if row and since and since <= at else None


def held_from(ask: Ask, at: datetime) -> datetime | None:
    """From when on what they earn waits for them; None while that is not decided."""
    return policies.held_from(asked_at=ask.asked_at, reminders=ask.reminders, hold_days=seller_hold_days(at))


def list_asks(page: int = 1) -> list[Ask]:
    """Who has not answered, the longest first, 50 a page and one more where there is a next page."""
    start = (page - 1) * PAGE_SIZE
    return [row.to_record() for row in AskRow.objects.order_by("asked_at", "pk")[start : start + PAGE_SIZE + 1]]


def count_asks() -> int:
    return AskRow.objects.count()
