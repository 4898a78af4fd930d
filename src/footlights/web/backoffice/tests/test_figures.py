"""The house's figures: a page, its heat map and its file say what payments, books and memberships say."""

from datetime import timedelta

import pytest
from django.urls import reverse

from footlights.accounts.api import Role
from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel
from footlights.kernel.clock import now
from footlights.ledger.api import balance_of
from footlights.subscriptions.models import SubscriptionRow
from footlights.subscriptions.testing import begin, make_plan
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    person = make_person(is_staff=True)
    sign_in_proven(client, person)
    return person


def page(client, **query):
    answer = client.get(reverse("backoffice:figures"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_house_without_sales_says_what_will_be_here(client, staff):
    assert "Nothing sold in this period" in page(client)


def test_page_and_file_say_what_was_sold_and_what_the_books_keep(client, staff):
    plan = make_plan(make_channel(make_person()), year=12_000)
    begin(make_person(), plan)
    begin(make_person(), plan, yearly=True)
    html = page(client, days="90")
    assert all(words in html for words in ("€130.00", "€20.00", "2 viewers paid", "€65.00", "0 of 2 payments"))
    assert "What each figure means" in html
    answer = client.get(reverse("backoffice:figures_report"), {"days": "30", "currency": "nonsense"})
    head, *lines = answer.content.decode().splitlines()
    assert head.startswith("day,volume,given_back,fees,gateway_costs,take,payments,disputes,monthly_recurring")
    assert len(lines) == 30
    today = dict(zip(head.split(","), lines[-1].split(","), strict=True))
    assert (today["volume"], today["monthly_recurring"], today["came"]) == ("130.00", "20.00", "2")
    kept = balance_of("platform:fees", "EUR") + balance_of("gatewaycost:sandbox", "EUR")
    assert today["take"] == str((-kept).decimal)
    assert 'filename="figures-EUR-30-days.csv"' in answer["Content-Disposition"]


def test_who_stays_is_a_table_whose_shade_is_the_share(client, staff):
    plan = make_plan(make_channel(make_person()))
    stays, leaves = begin(make_person(), plan), begin(make_person(), plan)
    joined = now() - timedelta(days=100)
    SubscriptionRow.objects.filter(pk=stays.id).update(began_at=joined)
    SubscriptionRow.objects.filter(pk=leaves.id).update(
        began_at=joined, state="ended", ended_at=joined + timedelta(days=20), due_at=None
    )
    html = page(client)
    assert 'class="number heat-5">50 %<span class="visually-hidden"> (1)</span>' in html


def test_executives_see_it_and_support_does_not(client):
    sign_in_proven(client, make_person(roles=[Role.EXECUTIVE]))
    assert client.get(reverse("backoffice:figures")).status_code == 200
    client.logout()
    sign_in_proven(client, make_person(roles=[Role.SUPPORT]))
    assert client.get(reverse("backoffice:figures")).status_code == 404
