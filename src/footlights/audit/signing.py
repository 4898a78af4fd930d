"""The trail's Ed25519 keys: made on first need, kept sealed in the database, never seen outside this file."""

from datetime import datetime
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from footlights.audit.models import SigningKeyRow
from footlights.kernel import crypto

CONTEXT = "audit-signing-key"


def sign(statement: str, *, at: datetime) -> tuple[bytes, str]:
    """The signature of the newest key, and that key's public half in hex. Joins the caller's transaction."""
    row = SigningKeyRow.objects.order_by("-made_at").first() or _make_key(at)
    private = Ed25519PrivateKey.from_private_bytes(crypto.unseal(bytes(row.sealed), context=CONTEXT))
    return private.sign(statement.encode()), row.public


def is_signed(statement: str, signature: bytes, public: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, statement.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def is_ours(public: str) -> bool:
    """Whether this installation's keyset made the key: a row that somebody slipped in does not unseal to it."""
    row = SigningKeyRow.objects.filter(public=public).first()
    return row is not None and _unseals_to(bytes(row.sealed), public)


def list_public_keys() -> list[str]:
    return list(SigningKeyRow.objects.order_by("made_at").values_list("public", flat=True))


@lru_cache(maxsize=16)
def _unseals_to(sealed: bytes, public: str) -> bool:
    try:
        private = Ed25519PrivateKey.from_private_bytes(crypto.unseal(sealed, context=CONTEXT))
    except (crypto.SealBrokenError, ValueError):
        return False
    return private.public_key().public_bytes_raw().hex() == public


def _make_key(at: datetime) -> SigningKeyRow:
    private = Ed25519PrivateKey.generate()
    return SigningKeyRow.objects.create(
        public=private.public_key().public_bytes_raw().hex(),
        sealed=crypto.seal(private.private_bytes_raw(), context=CONTEXT),
        made_at=at,
    )
