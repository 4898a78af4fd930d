"""Bounded reads of sellers."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from footlights.sellers import policies
from footlights.sellers.models import AskRow
from footlights.sellers.records import Ask, Withheld
from footlights.terms.api import seller_hold_days

PAGE_SIZE = 50


def find_ask(person_id: UUID) -> Ask | None:
    row = AskRow.objects.filter(pk=person_id).first()
    return row.to_record() if row else None


def list_asks_about(account: str, person_id: UUID) -> list[Ask]:
    """Of the account's payee, and of this person, who may be another. One query."""
    return [row.to_record() for row in AskRow.objects.filter(Q(accounts__contains=[account]) | Q(pk=person_id))]


def find_withheld(account: str, at: datetime) -> Withheld | None:
    """Whether what the account holds waits for its payee's tax details at `at`."""
    rows = AskRow.objects.filter(accounts__contains=[account], reminders=policies.REMINDERS)
    return withheld_by([row.to_record() for row in rows], account, at)


def withheld_by(asks: Iterable[Ask], account: str, at: datetime) -> Withheld | None:
    """The same, of requests that were read already."""
    for ask in asks:
        since = held_from(ask, at) if account in ask.accounts and ask.reminders == policies.REMINDERS else None
        if since and since <= at:
            return Withheld(person_id=ask.person_id, since=since)
    return None


def held_from(ask: Ask, at: datetime) -> datetime | None:
    """From when on what they earn waits for them; None while that is not decided."""
    return policies.held_from(asked_at=ask.asked_at, reminders=ask.reminders, hold_days=seller_hold_days(at))


def list_asks(page: int = 1) -> list[Ask]:
    """Who has not answered, the longest first, 50 a page and one more where there is a next page."""
    start = (page - 1) * PAGE_SIZE
    return [row.to_record() for row in AskRow.objects.order_by("asked_at", "pk")[start : start + PAGE_SIZE + 1]]


def count_asks() -> int:
    return AskRow.objects.count()
