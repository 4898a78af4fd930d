"""Pure rules of the trail: what may not go in, how large it may be, which months are kept."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from footlights.audit.errors import SecretInTrailError, TooLongForTrailError

DETAIL_BYTES_MAX = 8_192
SECRET_NAME = re.compile(
    r"password|passphrase|secret|token|credential|signature|authorization|cookie|session_key|api_?key|private_?key"
    r"|content_?key|stream_?key|recovery_?code|(^|_)otp($|_)|(^|_)cvc($|_)|(^|_)iban($|_)|card_?number",
    re.IGNORECASE,
)
MONTHS_AHEAD = 3


def plain_detail(detail: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """`before` or `after` as JSON can hold it. Raises SecretInTrailError, TooLongForTrailError."""
    if detail is None:
        return None
    for name in _names_in(detail):
        if SECRET_NAME.search(name):
            raise SecretInTrailError(f"“{name}” is named like a secret and may not go into the trail.")
    text = json.dumps(detail, default=_plain, ensure_ascii=False)
    if len(text.encode()) > DETAIL_BYTES_MAX:
        raise TooLongForTrailError(f"A record's detail has at most {DETAIL_BYTES_MAX} bytes; this one has more.")
    plain: dict[str, Any] = json.loads(text)
    return plain


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Only what differs, of both."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


def shortened(text: str, limit: int = 200) -> str:
    """As much of long words as says which they were."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def month_after(month: date, months: int = 1) -> date:
    years, index = divmod(month.year * 12 + month.month - 1 + months, 12)
    return date(years, index + 1, 1)


def first_kept_month(today: date, months: int) -> date | None:
    """The oldest month that stays when this and `months` whole months before it are kept; None keeps all."""
    return month_after(today.replace(day=1), -months) if months > 0 else None


def floor_id(at: datetime) -> UUID:
    """The smallest UUIDv7 of this moment and later (RFC 9562 §5.7: the first 48 bits are Unix milliseconds)."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _names_in(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield str(name)
            yield from _names_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _names_in(inner)


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
