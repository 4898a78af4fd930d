"""PayPal's signed webhooks: RSA with SHA-256 over the sending's id and time, our endpoint's id and the body's CRC32.

Source: https://developer.paypal.com/api/rest/webhooks/rest/#verify-signature. The certificate is fetched, from PayPal
alone and by TLS, once for each of its addresses: what reaches us costs no question to PayPal.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings

from footlights.kernel import outgoing
from footlights.payments.adapters.signatures import TOLERANCE
from footlights.payments.errors import WebhookRefusedError

CERTIFICATES = re.compile(r"/v1/notifications/certs/CERT-[\w-]+", re.ASCII)
OF_PAYPAL = ".paypal.com"
FORGED = "The signature does not match: forged, altered, or signed for another address."


class _Told(msgspec.Struct):
    id: str


def verify(*, headers: Mapping[str, str], body: bytes, at: datetime) -> str:
    """The event's name. Header names are lower case. Raises WebhookRefusedError."""
    sent_id, sent_at = headers.get("paypal-transmission-id", ""), headers.get("paypal-transmission-time", "")
    try:
        age = at - datetime.fromisoformat(sent_at)
    except (ValueError, TypeError) as error:
        raise WebhookRefusedError("The webhook does not say when it was sent.") from error
    if abs(age) > TOLERANCE:
        raise WebhookRefusedError("The webhook is too old or from the future: it may be a recording.")
    certificate = _certificate(headers.get("paypal-cert-url", ""))
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise WebhookRefusedError("The webhook's certificate is not valid now.")
    checksum = zlib.crc32(body)
    signed = [f"{sent_id}|{sent_at}|{ours}|{checksum}".encode() for ours in settings.PAYPAL_WEBHOOK_IDS]
    if not any(_is_signed(certificate, headers.get("paypal-transmission-sig", ""), each) for each in signed):
        raise WebhookRefusedError(FORGED)
    try:
        return msgspec.json.decode(body, type=_Told).id
    except msgspec.DecodeError as error:
        raise WebhookRefusedError("The webhook is no event.") from error


def _is_signed(certificate: x509.Certificate, signature: str, signed: bytes) -> bool:
    key = certificate.public_key()
    try:
        if not isinstance(key, rsa.RSAPublicKey):
            return False
        key.verify(base64.b64decode(signature, validate=True), signed, padding.PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _certificate(url: str) -> x509.Certificate:
    """What is not PayPal's address is not asked. Raises WebhookRefusedError."""
    try:
        parts, home = urlsplit(url), urlsplit(settings.PAYPAL_API)
    except ValueError as error:
        raise WebhookRefusedError(FORGED) from error
    is_home = (parts.scheme, parts.netloc) == (home.scheme, home.netloc)
    is_paypal = parts.scheme == "https" and parts.netloc.endswith(OF_PAYPAL) and "@" not in parts.netloc
    if not (is_home or is_paypal) or not CERTIFICATES.fullmatch(parts.path) or parts.query:
        raise WebhookRefusedError(FORGED)
    return _fetched(url)


@lru_cache(maxsize=16)
def _fetched(url: str) -> x509.Certificate:
    """Kept once it was read; a failure is not. The first of a chain is the signer's."""
    try:
        answer = outgoing.fetch("GET", url)
        return x509.load_pem_x509_certificates(answer.body if answer.is_success else b"")[0]
    except (outgoing.OutgoingError, ValueError) as error:
        raise WebhookRefusedError("PayPal's certificate cannot be read.") from error
