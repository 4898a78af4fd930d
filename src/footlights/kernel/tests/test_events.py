import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from footlights.kernel import events
from footlights.kernel.money import Money

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class CurtainRaised:
    film_id: uuid.UUID
    price: Money
    at: datetime


def test_an_event_reaches_its_subscriber_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_subscribers", events.defaultdict(list))
    seen: list[CurtainRaised] = []

    @events.subscribe(CurtainRaised)
    def remember_the_curtain(event: CurtainRaised) -> None:
        seen.append(event)

    event = CurtainRaised(uuid.uuid4(), Money(400, "EUR"), datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC))
    events.publish(event)
    job = ProcrastinateJob.objects.get(task_name__endswith="remember_the_curtain")
    events._subscribers[CurtainRaised][0].func(**job.args)
    assert seen == [event]


def test_an_event_of_a_transaction_that_fails_never_happened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_subscribers", events.defaultdict(list))

    @events.subscribe(CurtainRaised)
    def never_called(event: CurtainRaised) -> None: ...

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        events.publish(CurtainRaised(uuid.uuid4(), Money(400, "EUR"), datetime.now(UTC)))
        _ = 1 / 0
    assert not ProcrastinateJob.objects.exists()
