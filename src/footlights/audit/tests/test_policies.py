from datetime import UTC, date, datetime

import pytest

from footlights.audit.policies import as_uuid, changed, first_kept_month, floor_id, is_address, month_after, shortened


def test_only_what_differs_is_told():
    assert changed({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}) == ({"b": 2, "c": None}, {"b": 3, "c": 4})
    assert changed({"a": 1}, {"a": 1}) == ({}, {})


def test_long_words_are_cut_to_what_says_which_they_were():
    assert shortened("short") == "short"
    assert shortened("x" * 201) == "x" * 199 + "…"


@pytest.mark.parametrize(
    ("month", "months", "then"),
    [
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 1, 1), -1, date(2025, 12, 1)),
        (date(2026, 5, 1), -24, date(2024, 5, 1)),
    ],
)
def test_months_follow_each_other_across_years(month, months, then):
    assert month_after(month, months) == then


def test_keeping_no_number_of_months_keeps_all():
    assert first_kept_month(date(2026, 11, 22), 0) is None
    assert first_kept_month(date(2026, 11, 22), 24) == date(2024, 11, 1)


def test_an_id_of_a_moment_sorts_before_every_later_one():
    early, late = (floor_id(datetime(2026, 11, 22, 12, second, tzinfo=UTC)) for second in (1, 2))
    assert early < late


def test_ids_and_addresses_are_told_from_words():
    assert as_uuid("ada") is None
    assert as_uuid("01a20456-73f2-77da-bce3-0f273df0a03d")
    assert is_address("2001:db8::1")
    assert not is_address("ada")
