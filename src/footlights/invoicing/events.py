"""Facts about documents. Each is published in the transaction that made it true, at least once."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DocumentIssued:
    document_id: UUID
