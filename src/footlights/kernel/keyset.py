"""The keyset that opens everything sealed: one file (mode 0600), keys added and dropped by `footlights keys`.

Owns the file. Every use looks whether it was replaced, so that all processes of this machine seal with a new key at
once and none needs a restart. Never sees what is sealed.
"""

import json
import os
from functools import cache, lru_cache
from pathlib import Path
from secrets import token_hex
from typing import Any, cast

import tink
from tink import aead, secret_key_access

from footlights.kernel import environment

_known: dict[str, "_Loaded"] = {}  # as each file was read last
PREFIX_BYTES = 5  # what Tink puts before each ciphertext: a version and the key's number


def path() -> Path:
    return environment.load().secrets / "keyset.json"


def primitive() -> aead.Aead:
    """Seals with the primary key, opens with any. Made on first need."""
    return _current().primitive


def prefix() -> bytes:
    """How everything begins that the primary key sealed."""
    return _current().prefix


def key_numbers() -> list[int]:
    """Every key's number, the primary's first."""
    text = json.loads(path().read_bytes())
    return sorted((key["keyId"] for key in text["key"]), key=lambda number: number != text["primaryKeyId"])


def add_key() -> int:
    """A new primary key beside the others, which open what they sealed. Atomic: the file is the old one or the new."""
    primitive()
    before, fresh = json.loads(path().read_bytes()), json.loads(_new())
    taken = {key["keyId"] for key in before["key"]}
    while fresh["primaryKeyId"] in taken:
        fresh = json.loads(_new())
    _replace({"primaryKeyId": fresh["primaryKeyId"], "key": [*before["key"], *fresh["key"]]})
    return int(fresh["primaryKeyId"])


def drop_old_keys() -> Path:
    """Only the primary stays. The keyset as it was is kept beside, for backups of before; returns where."""
    text = json.loads(path().read_bytes())
    kept = path().with_name(f"keyset-before-{text['primaryKeyId']}.json")
    environment.read_or_create_secret(kept, path().read_bytes)
    _replace({**text, "key": [key for key in text["key"] if key["keyId"] == text["primaryKeyId"]]})
    return kept


class _Loaded:
    def __init__(self, text: str) -> None:
        handle = tink.json_proto_keyset_format.parse(text, secret_key_access.TOKEN)
        self.primitive: aead.Aead = handle.primitive(aead.Aead)
        self.prefix = b"\x01" + int(json.loads(text)["primaryKeyId"]).to_bytes(4, "big")


def _current() -> _Loaded:
    where = _path()
    try:
        state = os.stat(where)  # noqa: PTH116  on every use: half as long as Path's
    except FileNotFoundError:
        if where in _known:  # lost while this process runs: whoever has a copy opens what is sealed meanwhile
            return _known[where]
        environment.read_or_create_secret(Path(where), _new)
        state = os.stat(where)  # noqa: PTH116  as above
    return _load(where, state.st_ino, state.st_mtime_ns)


@lru_cache(maxsize=2)
def _load(where: str, _file: int, _changed: int) -> _Loaded:
    aead.register()
    _known[where] = _Loaded(Path(where).read_text())
    return _known[where]


@cache
def _path() -> str:
    return str(path())


def _new() -> bytes:
    aead.register()
    handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
    return cast("str", tink.json_proto_keyset_format.serialize(handle, secret_key_access.TOKEN)).encode()


def _replace(keyset: dict[str, Any]) -> None:
    text = json.dumps(keyset)
    _Loaded(text)  # what cannot be read is never put in place
    where = path()
    aside = where.with_name(f"{where.name}.{token_hex(8)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    owner = where.stat()
    os.chown(aside, owner.st_uid, owner.st_gid)
    aside.replace(where)
    folder = os.open(where.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
