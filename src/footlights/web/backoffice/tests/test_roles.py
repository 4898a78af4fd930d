"""The roles of the house: given on a person's page; each opens its own part of the backoffice and shows no other."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from footlights.accounts.api import Role, get_installation
from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return make_person(is_staff=True)


def with_role(role) -> Client:
    return sign_in_proven(Client(), make_person(roles=[role]))


@pytest.mark.parametrize(
    ("role", "entries", "parts"),
    [
        (Role.MARKETING, {"titles", "settings"}, set()),
        (Role.SUPPORT, {"people", "titles", "payments", "invoices"}, set()),
        (Role.EXECUTIVE, {"figures", "taxes"}, {"today-title"}),
        (Role.OPERATOR, {"titles", "jobs"}, {"works-title"}),
        (
            Role.ADMINISTRATOR,
            {
                "figures",
                "people",
                "titles",
                "payments",
                "payouts",
                "pass",
                "coupons",
                "invoices",
                "books",
                "jobs",
                "trail",
                "terms",
                "settings",
            },
            {"today-title", "works-title"},
        ),
    ],
)
def test_home_and_rail_show_each_role_its_own_parts(role, entries, parts):
    html = with_role(role).get(reverse("backoffice:home")).content.decode()
    rail = html.partition('class="rail"')[2].partition("</nav>")[0]
    assert set(re.findall(r'href="/backoffice/(\w+)"', rail)) - {"alerts"} == entries
    assert {part for part in ("today-title", "works-title") if f'id="{part}"' in html} == parts


def test_the_search_finds_for_each_role_only_what_it_may_see():
    creator = make_person("lantern@example.org", display_name="Lantern")
    make_title(make_channel(creator, handle="lantern"), name="Lantern")
    found = {}
    for role in (Role.MARKETING, Role.SUPPORT, Role.EXECUTIVE):
        client = with_role(role)
        html = client.get(reverse("backoffice:search"), {"q": "lantern"}).content.decode()
        found[role] = (reverse("backoffice:person", args=[creator.pk]) in html, 'id="titles-title"' in html)
        by_id = client.get(reverse("backoffice:search"), {"q": str(creator.pk)})
        assert by_id.status_code == (302 if role is Role.SUPPORT else 200)
    assert found == {Role.MARKETING: (False, True), Role.SUPPORT: (True, True), Role.EXECUTIVE: (False, False)}


def test_marketing_names_the_service_but_leaves_its_currency():
    client, currency = with_role(Role.MARKETING), get_installation().currency
    client.post(reverse("backoffice:settings"), {"service_name": "Cinema Nova", "currency": "JPY"})
    assert (get_installation().name, get_installation().currency) == ("Cinema Nova", currency)


def test_a_role_is_given_on_the_persons_page_and_they_are_told(staff):
    other, client = make_person(), sign_in_proven(Client(), staff)
    page = reverse("backoffice:person", args=[other.pk])
    assert "Give this role" in client.get(page).content.decode()
    client.post(reverse("backoffice:role_given", args=[other.pk]), {"role": "support"})
    assert "Take it away" in client.get(page).content.decode()
    assert (mail.outbox[-1].to, "Support" in mail.outbox[-1].body) == ([other.email], True)
    client.post(reverse("backoffice:role_taken", args=[other.pk]), {"role": "support"})
    other.refresh_from_db()
    assert other.roles == []


def test_whoever_gets_a_role_signs_in_again(staff):
    other = make_person()
    theirs = sign_in_proven(Client(), other)
    assert theirs.get(reverse("account:devices")).status_code == 200
    client = sign_in_proven(Client(), staff)
    client.post(reverse("backoffice:role_given", args=[other.pk]), {"role": "support"})
    assert theirs.get(reverse("account:devices")).status_code == 302


def test_nobody_gives_themselves_a_role_and_the_last_administrator_stays(staff):
    client = sign_in_proven(Client(), staff)
    assert "Give this role" not in client.get(reverse("backoffice:person", args=[staff.pk])).content.decode()
    for name, role in (("role_given", "support"), ("role_taken", "administrator")):
        client.post(reverse(f"backoffice:{name}", args=[staff.pk]), {"role": role})
    staff.refresh_from_db()
    assert staff.roles == ["administrator"]


def test_support_sees_people_but_gives_no_roles():
    other, client = make_person(), with_role(Role.SUPPORT)
    assert "Roles of the house" not in client.get(reverse("backoffice:person", args=[other.pk])).content.decode()
    assert client.post(reverse("backoffice:role_given", args=[other.pk]), {"role": "support"}).status_code == 404
