"""The country of an address, and what a buyer said."""

from django.test import RequestFactory

from footlights.taxes.api import Evidence
from footlights.web.whereabouts import country_of_request, evidence_of


def ask(address):
    return RequestFactory().get("/", headers={"X-Forwarded-For": address})


def test_an_address_has_the_country_it_was_given_to():
    country = country_of_request(ask("5.9.0.1"))
    assert country == "DE"
    assert evidence_of(ask("5.9.0.1"), billing="FR") == Evidence(address="DE", billing="FR")


def test_this_machine_and_nonsense_have_none():
    assert country_of_request(ask("127.0.0.1")) == country_of_request(ask("nonsense")) == ""
