"""The keyed digest by which a sealed value is found again.

Equal values have equal digests, and nobody without the key can make one to compare. Owns the key: 32 random bytes in
one row, sealed by the keyset like everything else. So a backup of the database and the keyset are enough, and a rotated
keyset changes no digest. Never sees where a value is kept.
"""

import hashlib
import hmac
import os
from threading import Lock

from django.db import DEFAULT_DB_ALIAS, connections

from footlights.kernel import crypto
from footlights.kernel.models import IndexKey

BYTES = 32
CONTEXT = "index-key"
_known: dict[object, bytes] = {}  # by database, for a process may be told to use another
_making = Lock()


def digest(value: str, *, context: str) -> bytes:
    """HMAC-SHA256 of `value`; the same value in another context has another digest."""
    return hmac.digest(_key(), f"{context}\0{value}".encode(), hashlib.sha256)


def _key() -> bytes:
    database = connections[DEFAULT_DB_ALIAS].settings_dict["NAME"]
    if database not in _known:
        with _making:
            _known[database] = _read() or _make()
    return _known[database]


def _read() -> bytes | None:
    row = IndexKey.objects.filter(pk=IndexKey.ONLY_ID).first()
    return crypto.unseal(bytes(row.sealed), context=CONTEXT) if row else None


def _make() -> bytes:
    """On first need. By a connection of its own: what a transaction that fails sealed must not take the key along."""
    sealed = crypto.seal(os.urandom(BYTES), context=CONTEXT)
    apart = connections[DEFAULT_DB_ALIAS].copy()
    try:
        with apart.cursor() as cursor:
            cursor.execute(
                "insert into kernel_indexkey (id, sealed) values (%s, %s) on conflict do nothing",
                [IndexKey.ONLY_ID, sealed],
            )
            cursor.execute("select sealed from kernel_indexkey where id = %s", [IndexKey.ONLY_ID])
            [kept] = cursor.fetchone()
    finally:
        apart.close()
    return crypto.unseal(bytes(kept), context=CONTEXT)
