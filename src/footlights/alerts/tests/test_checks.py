"""What the last check of each machine saw."""

from datetime import timedelta

import pytest

from footlights.alerts.api import Check, CheckLevel, list_checks, note_checks
from footlights.kernel.clock import now

pytestmark = pytest.mark.django_db


def note(machine, *whats, at=None, level=CheckLevel.GOOD):
    at = at or now()
    note_checks([Check(machine, what, "seen", level, "", at) for what in whats], machine=machine, at=at)


def told():
    return [(each.machine, each.what, each.level) for each in list_checks()]


def test_the_last_look_of_each_machine_stays_in_its_order():
    note("one", "Disk", "Database", "Mail")
    note("two", "Disk")
    note("one", "Database", "Disk", level=CheckLevel.WRONG)
    assert told() == [("one", "Database", "wrong"), ("one", "Disk", "wrong"), ("two", "Disk", "good")]


def test_a_machine_that_is_gone_is_forgotten_after_a_day():
    note("gone", "Disk", at=now() - timedelta(hours=25))
    note("here", "Disk")
    assert told() == [("here", "Disk", "good")]


def test_words_without_end_are_cut():
    note_checks([Check("m", "w" * 99, "s" * 999, CheckLevel.NOTE, "x" * 999, now())], machine="m", at=now())
    assert [len(text) for each in list_checks() for text in (each.what, each.seen, each.mend)] == [40, 400, 400]
