"""Guesses are counted by the service as a whole, however many processes share the work."""

import re

import httpx
import pytest

from footlights.accounts.testing import PASSWORD, make_person

pytestmark = pytest.mark.service
TRIES = 5


def try_password(url: str, address: str, password: str, claimed_address: str) -> httpx.Response:
    """One try on connections of its own, so that any process may get it."""
    with httpx.Client(base_url=url, headers={"X-Forwarded-For": claimed_address}) as client:
        page = client.get("/account/login/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token
        form = {"login": address, "password": password, "csrfmiddlewaretoken": token[1]}
        return client.post("/account/login/", data=form, headers={"Referer": f"{url}/account/login/"})


def test_guesses_are_counted_across_processes_and_behind_forged_addresses(service) -> None:
    person = make_person()
    for number in range(TRIES):
        assert try_password(service.url, person.email, f"guess {number}", f"198.51.100.{number}").status_code == 200
    answer = try_password(service.url, person.email, PASSWORD, "198.51.100.99")
    assert answer.status_code == 200  # not led on, though the password is right
    assert "Too many tries" in answer.text
