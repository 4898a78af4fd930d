"""Read the whole trail again and say what was altered.

What it trusts: this code, and the installation's keyset. The database is what it doubts: hashes are made here, from the
columns as PostgreSQL writes them, and compared with what this installation signed.
"""

import base64
import binascii
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from obstore.exceptions import BaseError

from footlights.audit import signing
from footlights.audit.models import CheckpointRow, HeadRow
from footlights.audit.operations.make_checkpoint import ANCHORS, digest_of
from footlights.audit.records import Checkpoint, Finding, Report
from footlights.kernel import storage

FINDINGS_MAX = 100
ANCHORS_READ = 100  # the newest; each names the digest of the one before, so it vouches for all earlier ones
FETCHED_AT_ONCE = 5_000
# Every column but the hash, as migration 0001 has it. Written here too: a function in the database can be replaced.
RECORDS = """
select r.chain, r.position, r.id, r.act, r.hash, pg_catalog.convert_to(pg_catalog.jsonb_build_array(r.chain, r.position,
    r.id, r.act, r.actor_id, r.on_behalf_of_id, r.object_kind, r.object_id, r.channel_id, r.person_ids, r.before,
    r.after, pg_catalog.host(r.address), r.request_id)::text, 'UTF8')
from audit_record r order by r.chain, r.position, r.id"""


@dataclass(frozen=True, slots=True)
class _Row:
    chain: int
    position: int
    id: UUID
    act: str
    hash: bytes
    canonical: bytes

    def __str__(self) -> str:
        at = datetime.fromtimestamp((self.id.int >> 80) / 1000, UTC)
        return f"record {self.id} ({self.act}, {at:%Y-%m-%d %H:%M:%S} UTC; chain {self.chain}, {self.position})"


@dataclass(frozen=True, slots=True)
class _Claim:
    """Checkpoint `number` signed that the record at this position of a chain has this hash."""

    hash: bytes
    number: int


@dataclass(slots=True)
class _Signed:
    """What all valid checkpoints say, of each chain: claims by position, and ranges that were dropped by the rules."""

    claims: dict[int, dict[int, _Claim]] = field(default_factory=lambda: defaultdict(dict))
    retired: dict[int, dict[int, tuple[int, bytes]]] = field(default_factory=lambda: defaultdict(dict))
    latest_by_day: dict[tuple[int, str], int] = field(default_factory=dict)

    def add(self, said: dict[str, Any]) -> None:
        """One claim a chain a day is enough: a later hash vouches for every record before it."""
        for chain, (position, digest) in said.get("heads", {}).items():
            day = (int(chain), str(said["at"])[:10])
            if (before := self.latest_by_day.get(day)) is not None:
                self.claims[int(chain)].pop(before, None)
            self.latest_by_day[day] = int(position)
            self.claims[int(chain)][int(position)] = _Claim(bytes.fromhex(digest), int(said["number"]))
        for chain, ranges in said.get("retired", {}).items():
            for first, last, digest in ranges:
                self.retired[int(chain)][int(first)] = (int(last), bytes.fromhex(digest))


@transaction.atomic
def verify(*, anchors: Sequence[str] = ()) -> Report:
    """Find edited, deleted and added records, a removed tail, and checkpoints that were forged or removed.

    `anchors` are copies of checkpoints kept elsewhere (the text of a mail or an object). Reads all records once, in
    constant memory; whoever records meanwhile does not wait. Writes nothing.
    """
    found: list[Finding] = []
    copies, kept = _copies(anchors, found)  # in this order: what is read later may be ahead, never behind
    signed, checkpoints = _read_checkpoints(copies, found)
    heads = dict(HeadRow.objects.values_list("chain", "position"))
    records = 0
    ends: dict[int, int] = {}
    for chain, rows in groupby(_rows(), key=lambda row: row.chain):
        walk = _Walk(chain, signed, found)
        for row in rows:
            walk.step(row)
            records += 1
        ends[chain] = walk.end()
    for chain in sorted({*heads, *signed.claims} - ends.keys()):
        ends[chain] = _Walk(chain, signed, found).end()
    unsigned = 0
    for chain, last in ends.items():
        claimed = max(signed.claims[chain], default=0)
        _check_tail(chain, last, heads.get(chain, 0), signed, found)
        unsigned += max(last - claimed, 0)
    return Report(records, unsigned, checkpoints, kept, tuple(found[:FINDINGS_MAX]))


class _Walk:
    """Along one chain, record by record."""

    def __init__(self, chain: int, signed: _Signed, found: list[Finding]) -> None:
        self.chain, self.found = chain, found
        self.claims, self.retired = signed.claims.get(chain, {}), signed.retired.get(chain, {})
        self.next = 1
        self.tail: bytes | None = b""
        self.before: _Row | None = None

    def step(self, row: _Row) -> None:
        self._skip_retired(row.position)
        if row.position < self.next:
            self._say("added", f"{row} was added: the chain had that position already.")
            return
        if row.position > self.next:
            self._say("deleted", f"{_gone(self.next, row.position - 1)} of chain {self.chain} deleted: before {row}.")
            self.tail = None
        follows = hashlib.sha256((self.tail or b"") + row.canonical).digest() == row.hash
        claim = self.claims.get(row.position)
        if claim and claim.hash != row.hash:
            self._say("edited", f"{row} is not what checkpoint {claim.number} signed; it or one before it was altered.")
        elif self.tail is not None and not follows:
            self._say("edited", f"{row} was edited, or the one before it was: it does not fit its hash.")
        self.tail, self.next, self.before = row.hash, row.position + 1, row

    def end(self) -> int:
        """The last position that is there, or was dropped by the rules."""
        self._skip_retired(None)
        return self.next - 1

    def _skip_retired(self, upto: int | None) -> None:
        while self.next in self.retired and (upto is None or self.next < upto):
            last, self.tail = self.retired[self.next]
            self.next = last + 1

    def _say(self, kind: str, words: str) -> None:
        if len(self.found) < FINDINGS_MAX:
            self.found.append(Finding(kind, words))


def _check_tail(chain: int, last: int, head: int, signed: _Signed, found: list[Finding]) -> None:
    claims = signed.claims.get(chain, {})
    claimed = max(claims, default=0)
    if claimed > last:
        words = f"{_gone(last + 1, max(claimed, head))} at the end of chain {chain} removed: checkpoint "
        found.append(Finding("tail removed", f"{words}{claims[claimed].number} signed position {claimed}."))
    elif head > last:
        found.append(Finding("tail removed", f"{_gone(last + 1, head)} at the end of chain {chain} removed."))


def _gone(first: int, last: int) -> str:
    return f"Record {first} was" if first == last else f"Records {first} to {last} were"


def _rows() -> Iterator[_Row]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(RECORDS)
        while some := cursor.fetchmany(FETCHED_AT_ONCE):
            for chain, position, record_id, act, digest, canonical in some:
                yield _Row(chain, position, record_id, act, bytes(digest), bytes(canonical))


def _read_checkpoints(copies: dict[int, Checkpoint], found: list[Finding]) -> tuple[_Signed, int]:
    """Every checkpoint of the database, and those only a copy still tells of."""
    signed, count, previous = _Signed(), 0, ""
    for row in CheckpointRow.objects.order_by("number").iterator(chunk_size=FETCHED_AT_ONCE):
        checkpoint = row.to_record()
        for number in range(count + 1, checkpoint.number):
            _add_removed(number, copies.get(number), signed, found)
            previous = digest_of(copies[number].statement) if number in copies else ""
        count = checkpoint.number
        copy = copies.get(checkpoint.number)
        if wrong := _wrong_with(checkpoint, previous):
            found.append(Finding("forged checkpoint", f"Checkpoint {checkpoint.number} is forged: {wrong}"))
        elif copy and copy.statement != checkpoint.statement:
            words = f"Checkpoint {checkpoint.number} is not the one that was copied when it was made."
            found.append(Finding("forged checkpoint", words))
            signed.add(json.loads(copy.statement))
        else:
            signed.add(json.loads(checkpoint.statement))
        previous = digest_of(checkpoint.statement)
    for number in sorted(number for number in copies if number > count):
        _add_removed(number, copies[number], signed, found)
    return signed, count


def _add_removed(number: int, copy: Checkpoint | None, signed: _Signed, found: list[Finding]) -> None:
    found.append(Finding("checkpoint removed", f"Checkpoint {number} was removed from the database."))
    if copy:
        signed.add(json.loads(copy.statement))


def _wrong_with(checkpoint: Checkpoint, previous: str) -> str:
    if not signing.is_signed(checkpoint.statement, checkpoint.signature, checkpoint.key):
        return "its signature is not of what it says."
    if not signing.is_ours(checkpoint.key):
        return "this installation did not make the key that signed it."
    said = json.loads(checkpoint.statement)
    if said.get("number") != checkpoint.number:
        return f"it was signed as checkpoint {said.get('number')}."
    if previous and said.get("previous") != previous:
        return "it does not follow from the one before."
    return ""


def _copies(given: Sequence[str], found: list[Finding]) -> tuple[dict[int, Checkpoint], int]:
    """Those kept elsewhere, by number; what this installation did not sign says nothing and is told."""
    copies: dict[int, Checkpoint] = {}
    for where, text in [*((f"copy {number}", text) for number, text in enumerate(given, 1)), *_stored(found)]:
        checkpoint = read_anchor(text)
        if checkpoint is None or _wrong_with(checkpoint, ""):
            found.append(Finding("forged copy", f"{where} is no checkpoint of this installation."))
        else:
            copies[checkpoint.number] = checkpoint
    return copies, len(copies)


def _stored(found: list[Finding]) -> Iterator[tuple[str, str]]:
    try:
        for key in sorted(storage.list_keys(ANCHORS))[-ANCHORS_READ:]:
            yield key, storage.get(key).decode(errors="replace")
    except (BaseError, OSError) as error:
        found.append(Finding("copies unreachable", f"The copies of checkpoints could not be read: {error}"))


def read_anchor(text: str) -> Checkpoint | None:
    """A checkpoint as `anchor_text` wrote it, alone or somewhere in a mail; None when there is none."""
    try:
        said = json.loads(text[text.index("{") : text.rindex("}") + 1])
        statement = json.loads(said["statement"])
        return Checkpoint(
            number=int(statement["number"]),
            at=datetime.fromisoformat(statement["at"]),
            statement=said["statement"],
            signature=base64.b64decode(said["signature"]),
            key=said["key"],
        )
    except (ValueError, KeyError, TypeError, binascii.Error):
        return None
