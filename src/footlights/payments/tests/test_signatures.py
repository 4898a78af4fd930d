from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlights.payments.adapters import signatures
from footlights.payments.api import WebhookRefusedError

SECRET, BODY = b"secret", b'{"test": 2432232314}'
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def verify(headers, body=BODY, at=AT, secret=SECRET) -> str:
    return signatures.verify(secret=secret, headers=headers, body=body, at=at)


def signed(message_id="evt_1", body=BODY, at=AT) -> dict[str, str]:
    return signatures.sign(secret=SECRET, message_id=message_id, body=body, at=at)


def test_what_we_sign_is_what_standard_webhooks_signs() -> None:
    """The published example of the specification, https://www.standardwebhooks.com."""
    import base64

    headers = signatures.sign(
        secret=base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        body=BODY,
        at=datetime.fromtimestamp(1614265330, UTC),
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_genuine_message_tells_its_id() -> None:
    assert verify(signed()) == "evt_1"


def test_one_of_several_signatures_is_enough() -> None:
    headers = signed()
    assert verify(headers | {"webhook-signature": f"v2,x v1,wrong {headers['webhook-signature']}"}) == "evt_1"


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "evt_2"},
        {"webhook-id": ""},
        {"webhook-timestamp": str(int(AT.timestamp()) + 1)},
        {"webhook-timestamp": "now"},
        {"webhook-timestamp": ""},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,ünïcode"},
        {"webhook-signature": "v1a,x"},
    ],
)
def test_one_altered_header_is_a_forgery(change: dict[str, str]) -> None:
    with pytest.raises(WebhookRefusedError):
        verify(signed() | change)


@given(st.binary(max_size=50), st.binary(min_size=1, max_size=10))
def test_an_altered_body_or_another_secret_is_a_forgery(body: bytes, secret: bytes) -> None:
    if body != BODY:
        with pytest.raises(WebhookRefusedError):
            verify(signed(), body=body)
    if secret != SECRET:
        with pytest.raises(WebhookRefusedError):
            verify(signed(), secret=secret)


@pytest.mark.parametrize(("age", "is_fresh"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)])
def test_a_message_is_fresh_for_five_minutes_either_way(age, is_fresh) -> None:
    at = AT + timedelta(seconds=age)
    if is_fresh:
        assert verify(signed(), at=at)
    else:
        with pytest.raises(WebhookRefusedError, match="too old"):
            verify(signed(), at=at)


@pytest.mark.parametrize("timestamp", ["soon", "١٢٣", "1e9", "-5"])
def test_a_signed_time_that_is_no_time_is_refused(timestamp: str) -> None:
    digest = signatures._digest(SECRET, "evt_1", timestamp, BODY)
    with pytest.raises(WebhookRefusedError):
        verify({"webhook-id": "evt_1", "webhook-timestamp": timestamp, "webhook-signature": f"v1,{digest}"})
