from datetime import UTC, datetime

import pytest
from django.db import transaction

from footlights.accounts.testing import make_person
from footlights.invoicing.api import NewLine, issue_credit_note, issue_document
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)


def euros(minor):
    return Money(minor, "EUR")


def line(net=336, tax=64, **more):
    taxed = {"rate_bps": 1900, "tax_name": "VAT", "country": "DE"} if tax else {}
    return NewLine("A film", euros(net), euros(tax), **({"kind": "buy"} | taxed | more))


def issue(buyer, cause="sale:1", *, channel_id=None, lines=None, at=AT):
    with transaction.atomic():
        return issue_document(
            cause=cause,
            subject=f"purchase:{cause}",
            buyer_id=buyer.id,
            channel_id=channel_id or new_id(),
            lines=lines or [line()],
            at=at,
        )


def credit(cause, corrects, returned, tax, at=AT):
    with transaction.atomic():
        return issue_credit_note(cause=cause, corrects_cause=corrects, returned=euros(returned), tax=euros(tax), at=at)


@pytest.fixture
def viewer(db):
    return make_person("ana@example.org", display_name="Ana Núñez")


@pytest.fixture
def staff(db):
    return make_person(is_staff=True)
