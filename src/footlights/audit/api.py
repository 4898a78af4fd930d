"""The door to the trail: say that something happened, read what happened, prove that nothing was altered."""

from footlights.audit.acts import Act
from footlights.audit.errors import (
    AuditError,
    OutsideTransactionError,
    SecretInTrailError,
    TooLongForTrailError,
    TrailBrokenError,
)
from footlights.audit.operations.make_checkpoint import anchor_text, make_checkpoint
from footlights.audit.operations.record import FROM_ORIGIN, NewRecord, record, record_many
from footlights.audit.operations.verify import verify
from footlights.audit.origin import Origin, acting, current_origin
from footlights.audit.policies import changed, shortened
from footlights.audit.queries import (
    export_records,
    find_last_checkpoint,
    find_record,
    list_records_of_channel,
    list_records_of_person,
    search_records,
)
from footlights.audit.records import Checkpoint, Finding, Record, Report
from footlights.audit.signing import list_public_keys

__all__ = [
    "FROM_ORIGIN",
    "Act",
    "AuditError",
    "Checkpoint",
    "Finding",
    "NewRecord",
    "Origin",
    "OutsideTransactionError",
    "Record",
    "Report",
    "SecretInTrailError",
    "TooLongForTrailError",
    "TrailBrokenError",
    "acting",
    "anchor_text",
    "changed",
    "current_origin",
    "export_records",
    "find_last_checkpoint",
    "find_record",
    "list_public_keys",
    "list_records_of_channel",
    "list_records_of_person",
    "make_checkpoint",
    "record",
    "record_many",
    "search_records",
    "shortened",
    "verify",
]
