"""AMF0, the values of RTMP's commands (Action Message Format, Adobe 2007). Bounded: what is sent may be hostile."""

import struct
from collections.abc import Mapping
from typing import Any

from footlights.ingest.errors import BadStreamError

MAX_DEPTH = 6
MAX_VALUES = 512
_NUMBER, _BOOLEAN, _STRING, _OBJECT, _NULL, _ECMA_ARRAY, _OBJECT_END, _LIST = 0, 1, 2, 3, 5, 8, 9, 10
_TEXTS = {_STRING: ">H", 12: ">I"}
_NESTED = {_OBJECT, _ECMA_ARRAY, _LIST}
_NOTHING = {_NULL, 6}


def decode(body: bytes) -> list[Any]:
    """Every value of a message. Raises BadStreamError."""
    reader = _Reader(body)
    values = []
    try:
        while reader.at < len(body):
            values.append(reader.value(0))
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise BadStreamError("A command that is cut short.") from error
    return values


def encode(*values: Any) -> bytes:
    """Numbers, booleans, texts, None and mappings of them, one after another."""
    return b"".join(map(_encoded, values))


class _Reader:
    def __init__(self, body: bytes) -> None:
        self.body = body
        self.at = 0
        self.count = 0

    def value(self, depth: int) -> Any:
        self.count += 1
        if depth > MAX_DEPTH or self.count > MAX_VALUES:
            raise BadStreamError("A command with too much in it.")
        kind = self._take(">B")
        if kind in _TEXTS:
            return self._text(_TEXTS[kind])
        if kind == _NUMBER:
            return self._take(">d")
        if kind == _BOOLEAN:
            return bool(self._take(">B"))
        if kind not in _NESTED:
            if kind in _NOTHING:
                return None
            raise BadStreamError(f"A command with a value of the unknown kind {kind}.")
        return self._nested(kind, depth)

    def _nested(self, kind: int, depth: int) -> Any:
        if kind == _OBJECT:
            return self._pairs(depth)
        count = self._take(">I")
        if kind == _ECMA_ARRAY:  # its count is a guess
            return self._pairs(depth)
        return [self.value(depth + 1) for _ in range(min(count, MAX_VALUES))]

    def _pairs(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while True:
            name = self._text(">H")
            if not name and self.body[self.at] == _OBJECT_END:
                self.at += 1
                return found
            found[name] = self.value(depth + 1)

    def _text(self, form: str) -> str:
        size = self._take(form)
        raw = self.body[self.at : self.at + size]
        if len(raw) != size:
            raise BadStreamError("A command that is cut short.")
        self.at += size
        return raw.decode()

    def _take(self, form: str) -> Any:
        [value] = struct.unpack_from(form, self.body, self.at)
        self.at += struct.calcsize(form)
        return value


def _encoded(value: Any) -> bytes:
    if value is None:
        return bytes([_NULL])
    if isinstance(value, bool):
        return bytes([_BOOLEAN, value])
    if isinstance(value, int | float):
        return struct.pack(">Bd", _NUMBER, value)
    if isinstance(value, str):
        return bytes([_STRING]) + _name(value)
    if isinstance(value, Mapping):
        pairs = b"".join(_name(name) + _encoded(each) for name, each in value.items())
        return bytes([_OBJECT]) + pairs + b"\0\0" + bytes([_OBJECT_END])
    raise TypeError(f"{type(value).__name__} is not sent in commands.")


def _name(text: str) -> bytes:
    raw = text.encode()
    return struct.pack(">H", len(raw)) + raw
