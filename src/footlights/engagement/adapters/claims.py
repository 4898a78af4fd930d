"""What nats-server believes: signed claims about an operator, its accounts and their users (JWT, version 2 of NATS').

https://docs.nats.io/running-a-nats-service/nats_admin/security/jwt
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from footlights.engagement.adapters.nkeys import Key

NO_LIMIT = -1


def operator_claims(operator: Key, *, system_account: str, at: datetime) -> str:
    nats = {"type": "operator", "version": 2, "system_account": system_account}
    return _signed(operator, subject=operator.name, name="footlights", nats=nats, at=at)


def account_claims(
    operator: Key,
    *,
    account: str,
    name: str,
    signing_keys: Sequence[str],
    limits: Mapping[str, int | bool],
    revoked: Mapping[str, int],
    at: datetime,
) -> str:
    """`revoked` names users, each with the second (Unix time) up to which what was signed for them is void."""
    nats = {
        "type": "account",
        "version": 2,
        "signing_keys": list(signing_keys),
        "limits": dict(limits),
        "revocations": dict(revoked),
        "default_permissions": {"pub": {}, "sub": {}},
    }
    return _signed(operator, subject=account, name=name, nats=nats, at=at)


def user_claims(
    signing: Key,
    *,
    account: str,
    user: str,
    publish: Sequence[str],
    subscribe: Sequence[str],
    at: datetime,
    expires_at: datetime | None = None,
    limits: Mapping[str, int] | None = None,
    is_bearer: bool = False,
    ways: Sequence[str] = (),
    tags: Sequence[str] = (),
) -> str:
    """A bearer shows the claims alone; anybody else signs what the server asks with the key that `user` names.

    `ways` are the kinds of connection they hold for ("LEAFNODE"); none names any. `tags` are told with each connection.
    """
    nats = {
        "type": "user",
        "version": 2,
        **({} if account == signing.name else {"issuer_account": account}),
        "pub": {"allow": list(publish)} if publish else {"deny": [">"]},
        "sub": {"allow": list(subscribe)} if subscribe else {"deny": [">"]},
        "subs": NO_LIMIT,
        "data": NO_LIMIT,
        "payload": NO_LIMIT,
        **(limits or {}),
        **({"bearer_token": True} if is_bearer else {}),
        **({"allowed_connection_types": list(ways)} if ways else {}),
        **({"tags": list(tags)} if tags else {}),
    }
    return _signed(signing, subject=user, name=user[:8], nats=nats, at=at, expires_at=expires_at)


def _signed(
    key: Key, *, subject: str, name: str, nats: Mapping[str, Any], at: datetime, expires_at: datetime | None = None
) -> str:
    body: dict[str, Any] = {"iat": int(at.timestamp()), "iss": key.name, "name": name, "sub": subject, "nats": nats}
    if expires_at is not None:
        body["exp"] = int(expires_at.timestamp())
    digest = hashlib.new("sha512_256", msgspec.json.encode(body)).digest()
    body["jti"] = base64.b32encode(digest).decode().rstrip("=")
    text = f"{_encoded({'typ': 'JWT', 'alg': 'ed25519-nkey'})}.{_encoded(body)}"
    return f"{text}.{_base64(key.sign(text.encode()))}"


def _encoded(part: Mapping[str, Any]) -> str:
    return _base64(msgspec.json.encode(part))


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
