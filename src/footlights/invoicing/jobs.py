"""Background jobs of invoicing: ids in, one operation called."""

from uuid import UUID

from footlights.invoicing.operations.send_document import send_document
from footlights.kernel.jobs import job


@job(tries=8)
def mail_document(document_id: str) -> None:
    send_document(document_id=UUID(document_id))
