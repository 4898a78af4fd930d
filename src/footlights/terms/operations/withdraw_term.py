"""Take back a decision before its time comes."""

import uuid
from datetime import datetime

from footlights.kernel.errors import NotFoundError
from footlights.terms.models import TermRow
from footlights.terms.operations.set_terms import set_terms
from footlights.terms.queries import value_at
from footlights.terms.records import NewTerm


def withdraw_term(*, term_id: uuid.UUID, by_id: uuid.UUID, at: datetime) -> None:
    """What holds just before that moment goes on to hold after it. Nothing is erased: this is a decision as well.

    Repeatable. Raises NotFoundError when there is no such decision, or it holds already, and what set_terms raises.
    """
    row = TermRow.objects.filter(pk=term_id, from_at__gt=at).first()
    if row is None:
        raise NotFoundError("There is no such change ahead.")
    decided = row.to_record()
    before = NewTerm(
        term=decided.term,
        kind=decided.kind,
        channel_id=decided.channel_id,
        currency=decided.currency,
        value=value_at(decided, decided.from_at, just_before=True),
    )
    set_terms(changes=[before], by_id=by_id, at=at, from_at=decided.from_at)
