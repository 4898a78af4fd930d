"""What the trail is told of sharing. Joins the caller's transaction."""

import uuid

from footlights.audit.api import Act, record
from footlights.splits.models import AgreementRow


def tell(act: Act, agreement: AgreementRow, *, actor_id: uuid.UUID) -> None:
    """The channel finds it, and each party among their own."""
    parties = list(agreement.parties.all())
    record(
        act=act,
        object_kind="split",
        object_id=agreement.pk,
        actor_id=actor_id,
        channel_id=agreement.channel_id,
        person_ids=[row.person_id for row in parties],
        after={
            agreement.subject_kind: agreement.subject_id,
            "from": agreement.from_at.isoformat(),
            "bps": {str(row.person_id or row.pk): row.bps for row in parties},
        },
    )
