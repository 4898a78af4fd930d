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
from footlights.audit.operations.tally import (
    LICENCES,
    NOT_THEIRS,
    SIGN_IN_LIMITED,
    Tally,
    list_taken_tallies,
    take_tallies,
    tally,
)
from footlights.audit.operations.verify import verify
from footlights.audit.origin import Origin, acting, current_origin
from footlights.audit.policies import changed, shortened
from footlights.audit.queries import (
    Ends,
    count_by_hour,
    export_records,
    find_last_checkpoint,
    find_record,
    list_latest,
    list_records_of_channel,
    list_records_of_person,
    read_ends,
    read_onward,
    search_records,
)
from footlights.audit.records import Checkpoint, Finding, Record, Report
from footlights.audit.signing import list_public_keys

__all__ = [
    "FROM_ORIGIN",
    "LICENCES",
    "NOT_THEIRS",
    "SIGN_IN_LIMITED",
    "Act",
    "AuditError",
    "Checkpoint",
    "Ends",
    "Finding",
    "NewRecord",
    "Origin",
    "OutsideTransactionError",
    "Record",
    "Report",
    "SecretInTrailError",
    "Tally",
    "TooLongForTrailError",
    "TrailBrokenError",
    "acting",
    "anchor_text",
    "changed",
    "count_by_hour",
    "current_origin",
    "export_records",
    "find_last_checkpoint",
    "find_record",
    "list_latest",
    "list_public_keys",
    "list_records_of_channel",
    "list_records_of_person",
    "list_taken_tallies",
    "make_checkpoint",
    "read_ends",
    "read_onward",
    "record",
    "record_many",
    "search_records",
    "shortened",
    "take_tallies",
    "tally",
    "verify",
]
