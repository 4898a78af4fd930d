"""Where a buyer is taken to be: two pieces that agree, and what happens when they do not."""

from datetime import UTC, datetime

import pytest

from footlights.taxes.api import (
    Evidence,
    Whereabouts,
    decide_country,
    find_evidence,
    list_conflicting_evidence,
    note_evidence,
)
from footlights.taxes.models import EvidenceRow, RegistrationRow

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("evidence", "country", "is_conflicting"),
    [
        (Evidence(), "", False),
        (Evidence(address="DE"), "DE", False),
        (Evidence(billing="DE"), "DE", False),
        (Evidence("DE", "DE"), "DE", False),
        (Evidence("DE", "FR"), "FR", True),
        (Evidence("DE", "FR", "DE"), "DE", False),
        (Evidence("DE", "FR", "FR"), "FR", False),
        (Evidence("DE", "FR", "ES"), "FR", True),
        (Evidence("DE", "", "ES"), "ES", True),
    ],
)
def test_two_pieces_that_agree_decide(evidence, country, is_conflicting):
    assert decide_country(evidence) == Whereabouts(country, is_conflicting)


def test_the_cards_country_settles_a_conflict_later(db):
    note_evidence(reference="purchase:1", evidence=Evidence("DE", "FR"), at=AT)
    assert [kept.reference for kept in list_conflicting_evidence()] == ["purchase:1"]
    note_evidence(reference="purchase:1", evidence=Evidence(payment="FR"), at=AT)
    kept = find_evidence("purchase:1")
    assert (kept.evidence, kept.country, kept.is_conflicting) == (Evidence("DE", "FR", "FR"), "FR", False)
    assert list_conflicting_evidence() == []


def test_a_piece_that_is_known_stays(db):
    note_evidence(reference="purchase:1", evidence=Evidence("DE", "DE"), at=AT)
    kept = note_evidence(reference="purchase:1", evidence=Evidence("FR", "FR"), at=AT)
    assert kept.evidence == Evidence("DE", "DE")
    assert find_evidence("purchase:2") is None


def test_rows_say_where_and_about_what():
    assert str(EvidenceRow(reference="purchase:1", country="DE")) == "purchase:1 in DE"
    assert str(RegistrationRow(area="EU", since="2026-01-01")) == "EU since 2026-01-01"
