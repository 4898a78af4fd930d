"""The door gateways knock at: only they get in, once for each event."""

from datetime import timedelta

import pytest
from django.test import Client

from footlights.accounts.testing import make_person
from footlights.kernel.clock import now
from footlights.payments.adapters import signatures
from footlights.payments.adapters.sandbox.secret import webhook_secret
from footlights.payments.models import GatewayEvent

pytestmark = pytest.mark.django_db
BODY = b'{"id":"evt_1"}'


@pytest.fixture(autouse=True)
def somebody():
    make_person()  # an installation without people answers nobody


def post(client, headers: dict[str, str], body: bytes = BODY, gateway: str = "sandbox"):
    return client.post(f"/webhooks/{gateway}", body, content_type="application/json", headers=headers)


def signed(at=None, secret: bytes | None = None) -> dict[str, str]:
    return signatures.sign(secret=secret or webhook_secret(), message_id="evt_1", body=BODY, at=at or now())


def test_a_genuine_webhook_is_kept_once(client) -> None:
    assert [post(client, signed()).status_code for _ in range(3)] == [204, 204, 204]
    assert GatewayEvent.objects.count() == 1


def test_a_gateway_needs_no_form_token() -> None:
    assert post(Client(enforce_csrf_checks=True), signed()).status_code == 204


@pytest.mark.parametrize(
    "headers",
    [
        dict,
        lambda: signed(secret=b"a stranger's"),
        lambda: signed(at=now() - timedelta(minutes=6)),
        lambda: signed(at=now() + timedelta(minutes=6)),
        lambda: signed() | {"webhook-id": "evt_2"},
        lambda: signed() | {"webhook-timestamp": str(int(now().timestamp()) - 60)},
    ],
    ids=["unsigned", "forged", "stale", "from the future", "another id", "another time"],
)
def test_what_is_not_the_gateways_is_refused_and_nothing_is_kept(client, headers) -> None:
    assert post(client, headers()).status_code == 400
    assert not GatewayEvent.objects.exists()


def test_an_altered_body_is_refused_and_nothing_is_kept(client) -> None:
    assert post(client, signed(), body=BODY + b" ").status_code == 400
    assert not GatewayEvent.objects.exists()


def test_a_huge_body_is_not_read(client) -> None:
    assert post(client, signed(), body=b"x" * (64 * 1024 + 1)).status_code == 413


def test_a_gateway_we_do_not_have_is_not_found(client) -> None:
    assert post(client, signed(), gateway="elsewhere").status_code == 404


def test_only_posting_is_answered(client) -> None:
    assert client.get("/webhooks/sandbox").status_code == 405
