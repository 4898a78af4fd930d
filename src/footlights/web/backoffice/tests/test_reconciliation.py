"""Administrators see the days as a picture, and each difference with both sides and its payment's story."""

import pytest
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.kernel.clock import now
from footlights.payments.models import DifferenceRow, ReconciledDayRow
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db


def page(client, **query) -> str:
    answer = client.get(reverse("backoffice:reconciliation"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_shows_days_and_both_sides_of_what_differs(client) -> None:
    sign_in_proven(client, make_person("staff@example.org", is_staff=True))
    assert "Nothing compared yet" in page(client)
    today = now().date()
    ReconciledDayRow.objects.create(gateway="sandbox", day=today, compared_at=now(), matched=3)
    assert "All agree" in page(client)
    for reference, here, there in (("line:1", None, 400), ("line:2", 400, None), ("line:3", 400, 300)):
        DifferenceRow.objects.create(
            gateway="sandbox",
            day=today,
            reference=reference,
            kind="charge",
            currency="EUR",
            here_minor=here,
            there_minor=there,
            found_at=now(),
        )
    html = page(client, day=today.isoformat())
    for words in ("3 differ", "Missing here", "Missing at the gateway", "Amounts differ", "nothing"):
        assert words in html
    assert "Nothing differs" in page(client, day="2020-01-01")
    assert "Missing here" in page(client, day="never")


def test_a_stranger_finds_nothing(client) -> None:
    assert client.get(reverse("backoffice:reconciliation")).status_code in {302, 404}
