import pytest
from django.db import IntegrityError, connection, transaction
from footlights.kernel.clock import now
from footlights.kernel.errors import IdempotencyConflictError
from footlights.kernel.money import Money
from footlights.ledger.api import Posting, UnbalancedJournalError, balance_of, post_journal

pytestmark = pytest.mark.django_db


def sale(gross=400, fee=40):
    return [
        Posting("gateway:test", Money(gross, "EUR")),
        Posting("platform:fees", Money(-fee, "EUR")),
        Posting("creator:c1", Money(fee - gross, "EUR")),
    ]


def test_the_same_cause_posts_once():
    first = post_journal(cause="c", postings=sale(), at=now())
    assert post_journal(cause="c", postings=sale(), at=now()) == first
    assert balance_of("creator:c1", "EUR") == Money(-360, "EUR")


def test_the_same_cause_with_other_postings_is_refused():
    post_journal(cause="c", postings=sale(), at=now())
    with pytest.raises(IdempotencyConflictError):
        post_journal(cause="c", postings=sale(fee=41), at=now())
    assert balance_of("platform:fees", "EUR") == Money(-40, "EUR")
