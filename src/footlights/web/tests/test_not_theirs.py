"""Whoever asks for what is not theirs gets nothing, and is counted."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.audit.api import take_tallies
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db
HOUSE = "backoffice:payments"


def counted():
    return {each.subject: each.count for each in take_tallies()}


def test_a_person_is_counted_by_account_and_a_visitor_by_network():
    viewer = make_person()
    client = sign_in_proven(Client(), viewer)
    client.get(reverse(HOUSE))
    client.get(reverse("account:receipt", args=[uuid.uuid4()]))
    Client(HTTP_X_FORWARDED_FOR="203.0.113.9").get(reverse(HOUSE))
    assert counted() == {f"account {viewer.pk}": 2, "block 203.0.113.0/24": 1}


def test_neither_an_address_that_nothing_has_nor_a_visitors_dead_link_is_counted():
    client = sign_in_proven(Client(), make_person())
    client.get("/wp-login.php")
    Client().get(reverse("watch:embed", args=[uuid.uuid4()]))
    client.get(reverse("account:home"))
    assert counted() == {}
