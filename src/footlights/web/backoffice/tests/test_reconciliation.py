"""Administrators see the days as a picture, and each difference with all sides and its payment's story."""

import pytest
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.payments.models import DifferenceRow, ReconciledDayRow
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db


def page(client, **query) -> str:
    answer = client.get(reverse("backoffice:reconciliation"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_shows_days_and_all_sides_of_what_differs(client) -> None:
    sign_in_proven(client, make_person("staff@example.org", is_staff=True))
    assert "Nothing compared yet" in page(client)
    today = now().date()
    ReconciledDayRow.objects.create(gateway="sandbox", day=today, compared_at=now(), matched=3)
    assert "All agree so far" not in page(client)
    ReconciledDayRow.objects.update(compared_until=now())
    assert "All agree so far" in page(client)
    differing = [(None, 400, 400), (400, None, 400), (400, 400, None), (400, None, None), (None, 400, None)]
    for number, (here, there, booked) in enumerate([*differing, (400, 300, 400)]):
        DifferenceRow.objects.create(
            gateway="sandbox",
            day=today,
            reference=f"line:{number}",
            kind="charge",
            currency="EUR",
            here_minor=here,
            there_minor=there,
            booked_minor=booked,
            found_at=now(),
        )
    journal_id = new_id()
    for reference, kind in ((f"journal:{journal_id}", "other"), ("line:7", "held")):
        DifferenceRow.objects.create(
            gateway="sandbox",
            day=today,
            reference=reference,
            kind=kind,
            currency="EUR",
            booked_minor=400,
            found_at=now(),
        )
    html = page(client, day=today.isoformat())
    for words in (
        "8 differ",
        "Missing here",
        "Missing at the gateway",
        "Not booked",
        "Only here",
        "Only at the gateway",
    ):
        assert words in html
    for words in ("Only in the books", "Amounts differ", "nothing", "does not tell", str(journal_id)):
        assert words in html
    assert "Nothing differs" in page(client, day="2020-01-01")
    assert "Missing here" in page(client, day="never")


def test_a_stranger_finds_nothing(client) -> None:
    assert client.get(reverse("backoffice:reconciliation")).status_code in {302, 404}
