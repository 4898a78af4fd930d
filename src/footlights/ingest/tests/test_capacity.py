"""A machine starts no more renditions than it encodes in real time."""

import subprocess
import sys

import pytest

from footlights.ingest.capacity import Capacity, cost_of, fitting
from footlights.ingest.ladder import LADDER, Rung


def names(rungs: list[Rung]) -> list[str]:
    return [rung.name for rung in rungs]


@pytest.mark.parametrize(
    ("left", "chosen"), [(2.9, ["1080", "720", "360"]), (2.8, ["720", "360"]), (1.0, ["360"]), (0.0, ["360"])]
)
def test_as_many_as_fit_from_the_lowest_up(left, chosen):
    assert names(fitting(LADDER, left + 1e-9)) == chosen


def test_broadcasts_share_the_machine(tmp_path):
    ours = Capacity(6, tmp_path / "pace.json")
    assert names(ours.take("first", LADDER)) == ["1080", "720", "360"]
    assert names(ours.take("second", LADDER)) == ["720", "360"]
    assert names(ours.take("third", LADDER)) == ["360"]
    assert names(ours.take("first", LADDER)) == ["1080", "720", "360"]  # its own share is no hindrance
    ours.give_back("first")
    assert names(ours.take("third", LADDER)) == ["1080", "720", "360"]


def test_what_is_passed_through_leaves_its_room_to_others_and_always_fits(tmp_path):
    ours = Capacity(4, tmp_path / "pace.json")
    ours.take("first", LADDER)
    assert names(ours.take("second", LADDER)) == ["360"]
    assert names(ours.take("first", LADDER, passed=LADDER[0])) == ["1080", "720", "360"]
    assert names(ours.take("second", LADDER)) == ["720", "360"]
    assert names(ours.take("third", LADDER, passed=LADDER[0])) == ["1080", "360"]


def test_what_an_encoder_took_decides_for_the_next_and_is_remembered(tmp_path):
    ours = Capacity(2, tmp_path / "pace.json")
    both = ours.take("first", LADDER)
    assert names(both) == ["720", "360"]
    ours.learn(both, spent_s=30 * 3 * cost_of(both), encoded_s=30)  # three times what a middling machine takes
    ours.learn(both, spent_s=90.0, encoded_s=3)  # too short to tell
    ours.give_back("first")
    for each in (ours, Capacity(2, tmp_path / "pace.json", "after")):
        assert each.pace == 2.0
        assert names(each.take("next", LADDER)) == ["360"]


def test_the_ingests_of_a_machine_share_it_and_what_one_that_died_had_is_free(tmp_path):
    ours = Capacity(6, tmp_path / "pace.json", "first")
    died = """
import os, sys
from pathlib import Path
from footlights.ingest.capacity import Capacity
from footlights.ingest.ladder import LADDER
Capacity(6, Path(sys.argv[1]), "second").take("theirs", LADDER)
print("taken", flush=True)
sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", died, tmp_path / "pace.json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout.readline() == b"taken\n"
        assert names(ours.take("ours", LADDER)) == ["720", "360"]
        other.kill()
        other.wait()
    assert names(ours.take("ours", LADDER)) == ["1080", "720", "360"]
