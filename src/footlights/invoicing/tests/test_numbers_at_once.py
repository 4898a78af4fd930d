"""Many connections issue documents at once, some fail at the last moment, and no number is left out or given twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from footlights.accounts.testing import make_person
from footlights.invoicing.api import issue_document
from footlights.invoicing.models import HOUSE, CounterRow, DocumentRow
from footlights.invoicing.tests.conftest import AT, credit, issue, line

pytestmark = pytest.mark.django_db(transaction=True)


class LostError(Exception):
    """The sale's transaction fails after its document was numbered."""


def lose():
    raise LostError


def at_once(function, inputs, workers=8):
    def call(value):
        try:
            return function(value)
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(call, inputs))


def test_no_gap_is_left_by_what_rolls_back():
    buyer = make_person()

    def sell(n):
        try:
            with transaction.atomic():
                issue_document(
                    cause=f"sale:{n}", subject="purchase:x", buyer_id=buyer.id, channel_id=HOUSE, lines=[line()], at=AT
                )
                if n % 3 == 0:
                    lose()
        except LostError:
            return
        if n % 3 == 1:
            credit(f"refund:{n}", f"sale:{n}", 400, 64)

    at_once(sell, range(60))
    sequences = sorted(DocumentRow.objects.values_list("sequence", flat=True))
    assert sequences == list(range(1, 61))  # 40 sales stand, 20 of them were credited
    assert CounterRow.objects.get().last == 60


def test_thirty_at_once_of_one_cause_are_one_document():
    buyer = make_person()
    issued = at_once(lambda _: issue(buyer, channel_id=HOUSE), range(30))
    assert {document.number for document in issued} == {"2026-000001"}
    assert issue(buyer, "sale:2").number == "2026-000002"
