"""Every request has an id of its own, and the trail knows who asked from where without trusting what they claim."""

from uuid import UUID

import pytest
import structlog
from django.test import RequestFactory

from footlights.accounts.testing import make_person
from footlights.audit.api import Origin, current_origin
from footlights.web.origin import OriginMiddleware, address_of

FORGED = "192.0.2.66"


@pytest.mark.django_db
def test_every_answer_names_its_request_anew(client):
    make_person()
    ids = {
        client.get(path, headers={"X-Request-Id": FORGED})["X-Request-Id"]
        for path in ("/", "/healthz", "/nothing-here")
    }
    assert len(ids) == 3
    assert {UUID(each).version for each in ids} == {7}


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ("198.51.100.7", "198.51.100.7"),
        (f"{FORGED}, 198.51.100.7", "198.51.100.7"),
        (f"{FORGED},{FORGED} , 2001:db8::1", "2001:db8::1"),
        (f"{FORGED}, nonsense", None),
        ("", None),
    ],
)
def test_the_address_is_what_the_edge_saw(header, address, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert address_of(RequestFactory().get("/", headers={"X-Forwarded-For": header})) == address


def test_with_a_load_balancer_before_the_edge_the_address_is_what_it_saw(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    request = RequestFactory().get("/", headers={"X-Forwarded-For": f"{FORGED}, 198.51.100.7, 10.0.0.1"})
    assert address_of(request) == "198.51.100.7"


def test_without_a_proxy_the_address_is_the_connections(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert address_of(RequestFactory().get("/", headers={"X-Forwarded-For": FORGED})) == "127.0.0.1"


def test_a_log_line_of_a_request_carries_its_id_and_others_carry_none():
    def line() -> str:
        """What every line of the log takes in (kernel/log_lines.py)."""
        return structlog.contextvars.get_contextvars().get("request_id", "")

    said: list[str] = []
    seen: list[Origin] = []

    def answer(request):
        from django.http import HttpResponse

        said.append(line())
        seen.append(current_origin())
        return HttpResponse()

    response = OriginMiddleware(answer)(RequestFactory().get("/"))
    assert said == [response["X-Request-Id"]]
    assert str(seen[0].request_id) == response["X-Request-Id"]
    assert line() == ""
    assert current_origin() == Origin()
