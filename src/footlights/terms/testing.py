"""Terms for tests, of this context and of others."""

import uuid
from datetime import timedelta
from itertools import count

from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.terms.api import NewTerm, Term, set_terms

_days = count(1)


def make_ahead() -> uuid.UUID:
    """A decision that will hold tomorrow."""
    at, change = now(), NewTerm(term=Term.PAYOUT_HOLD_DAYS, value=next(_days) % 180)
    [made] = set_terms(changes=[change], by_id=new_id(), at=at, from_at=at + timedelta(days=1))
    return made.id
