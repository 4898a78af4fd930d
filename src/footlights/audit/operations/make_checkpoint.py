"""Sign how far the trail has come, and keep a copy of that elsewhere."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from footlights.audit import signing
from footlights.audit.models import CheckpointRow, SignedRow
from footlights.audit.records import Checkpoint
from footlights.kernel import storage
from footlights.kernel.reads import fetch_rows

ANCHORS = "audit/checkpoints/"
LOCK = "select pg_advisory_xact_lock(61474, 257)::text"
MOVED = """select h.chain, h.position, encode(h.hash, 'hex') from audit_head h
    left join audit_signed s on s.chain = h.chain where s.position is distinct from h.position order by h.chain"""


@transaction.atomic
def make_checkpoint(*, at: datetime) -> Checkpoint | None:
    """Sign the heads of the chains that moved since the last one; None when nothing did.

    One writer at a time (advisory lock); nobody who records waits for it. Defers the copying in the same transaction.
    """
    fetch_rows(LOCK, [])
    heads = {str(chain): [position, digest] for chain, position, digest in fetch_rows(MOVED, [])}
    if not heads:
        return None
    checkpoint = write_checkpoint({"kind": "heads", "heads": heads}, at=at)
    SignedRow.objects.bulk_create(
        [SignedRow(chain=int(chain), position=position) for chain, (position, _) in heads.items()],
        update_conflicts=True,
        unique_fields=["chain"],
        update_fields=["position"],
    )
    return checkpoint


def write_checkpoint(claim: Mapping[str, Any], *, at: datetime) -> Checkpoint:
    """Number, sign and keep a statement. The caller holds the lock, in its transaction."""
    from footlights.audit.jobs import anchor_checkpoint  # noqa: PLC0415  jobs.py imports operations

    last = CheckpointRow.objects.order_by("-number").first()
    statement = json.dumps(
        {
            "format": 1,
            "number": last.number + 1 if last else 1,
            "at": at.isoformat(),
            "previous": digest_of(last.statement) if last else "",
            **claim,
        },
        sort_keys=True,
        separators=(",", ":"),
    )
    signature, key = signing.sign(statement, at=at)
    row = CheckpointRow.objects.create(
        number=last.number + 1 if last else 1, at=at, statement=statement, signature=signature, key=key
    )
    anchor_checkpoint.defer(number=row.number)
    return row.to_record()


def put_anchor(*, number: int) -> None:
    """Copy a checkpoint to the object store, where whoever alters the database does not reach. Repeatable."""
    checkpoint = CheckpointRow.objects.get(number=number).to_record()
    storage.put(anchor_key(checkpoint), anchor_text(checkpoint).encode(), content_type="application/json")


def anchor_key(checkpoint: Checkpoint) -> str:
    return f"{ANCHORS}{checkpoint.number:012d}.json"


def anchor_text(checkpoint: Checkpoint) -> str:
    """What proves a checkpoint to anybody who knows the public key, wherever it is kept."""
    return json.dumps(
        {
            "statement": checkpoint.statement,
            "signature": base64.b64encode(checkpoint.signature).decode(),
            "key": checkpoint.key,
        }
    )


def digest_of(statement: str) -> str:
    return hashlib.sha256(statement.encode()).hexdigest()
