"""Whom nats-server trusts: an operator, an account for the rooms, one for the system, all from one secret of ours.

Owns the secret (a file in the data folder, sealed) and what is signed with it. Never talks to the server.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from secrets import token_hex

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from footlights.engagement.adapters import claims
from footlights.engagement.adapters.nkeys import SEED_BYTES, Key, Kind
from footlights.kernel import crypto, environment
from footlights.kernel.environment import read_or_create_secret

CONTEXT = "rooms"
SERVICE_TOKEN = timedelta(days=1)
_ENDLESS = dict.fromkeys(("subs", "data", "payload", "imports", "exports", "conn", "leaf"), claims.NO_LIMIT)
_LIMITS = _ENDLESS | {"wildcards": True}
# What the rooms may keep on disk until it is in PostgreSQL; nats-server's configuration bounds the bytes.
ROOMS_LIMITS = _LIMITS | {"mem_storage": 0, "disk_storage": claims.NO_LIMIT, "streams": 4, "consumer": 8}


@dataclass(frozen=True, slots=True)
class Trust:
    """The keys, ready to sign."""

    operator: Key
    system: Key
    rooms: Key
    signing: Key


def path() -> Path:
    return environment.load().secrets / "rooms.sealed"


def trust() -> Trust:
    """Read anew when the file was replaced: a rotation of keys needs no restart."""
    where = path()
    sealed = read_or_create_secret(where, lambda: crypto.seal(os.urandom(SEED_BYTES), context=CONTEXT))
    return _derived(sealed)


@lru_cache(maxsize=2)
def _derived(sealed: bytes) -> Trust:
    secret = crypto.unseal(sealed, context=CONTEXT)

    def key(kind: Kind, name: str) -> Key:
        return Key(kind, HKDF(SHA256(), SEED_BYTES, None, f"footlights {name}".encode()).derive(secret))

    return Trust(
        operator=key(Kind.OPERATOR, "operator"),
        system=key(Kind.ACCOUNT, "system"),
        rooms=key(Kind.ACCOUNT, "rooms"),
        signing=key(Kind.ACCOUNT, "rooms signing"),
    )


def reseal() -> int:
    """The secret under the primary key; 1 when it was not. A new file in the old one's place."""
    where = path()
    if not where.exists() or crypto.is_current(sealed := where.read_bytes()):
        return 0
    aside = where.with_name(f"{where.name}.{token_hex(8)}")
    read_or_create_secret(aside, lambda: crypto.reseal(sealed, context=CONTEXT))
    owner = where.stat()
    os.chown(aside, owner.st_uid, owner.st_gid)
    aside.replace(where)
    return 1


def operator_claims(at: datetime) -> str:
    keys = trust()
    return claims.operator_claims(keys.operator, system_account=keys.system.name, at=at)


def account_claims(at: datetime, *, revoked: Mapping[str, int] | None = None) -> dict[str, str]:
    """The claims of both accounts, by their names: the rooms' first. `revoked` are users of the rooms."""
    keys = trust()
    rooms = claims.account_claims(
        keys.operator,
        account=keys.rooms.name,
        name="rooms",
        signing_keys=[keys.signing.name],
        limits=ROOMS_LIMITS,
        revoked=revoked or {},
        at=at,
    )
    system = claims.account_claims(
        keys.operator, account=keys.system.name, name="system", signing_keys=[], limits=_LIMITS, revoked={}, at=at
    )
    return {keys.rooms.name: rooms, keys.system.name: system}


def service_key() -> Key:
    """Of one connection of our own: it lives as long as that."""
    return Key(Kind.USER, os.urandom(SEED_BYTES))


def service_token(own: Key, at: datetime, *, of_system: bool = False) -> str:
    """May do everything in the rooms' account, or in the system's, together with its key."""
    keys = trust()
    account, signing = (keys.system, keys.system) if of_system else (keys.rooms, keys.signing)
    return claims.user_claims(
        signing, account=account.name, user=own.name, publish=[">"], subscribe=[">"], at=at,
        expires_at=at + SERVICE_TOKEN,
    )  # fmt: skip


def keeper_credentials(at: datetime) -> str:
    """What the broker that keeps what is said shows to those that carry viewers: a secret, in nats-server's form.

    Good for as long as it runs, and for nothing but that connection between brokers.
    """
    own, keys = service_key(), trust()
    token = claims.user_claims(
        keys.signing, account=keys.rooms.name, user=own.name, publish=[">"], subscribe=[">"], at=at, ways=["LEAFNODE"]
    )
    return (
        f"-----BEGIN NATS USER JWT-----\n{token}\n------END NATS USER JWT------\n\n"
        f"-----BEGIN USER NKEY SEED-----\n{own.seed()}\n------END USER NKEY SEED------\n"
    )
