"""A machine starts no more renditions than it encodes in real time."""

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


def test_what_an_encoder_took_decides_for_the_next_and_is_remembered(tmp_path):
    ours = Capacity(2, tmp_path / "pace.json")
    both = ours.take("first", LADDER)
    assert names(both) == ["720", "360"]
    ours.learn(both, spent_s=30 * 3 * cost_of(both), encoded_s=30)  # three times what a middling machine takes
    ours.learn(both, spent_s=90.0, encoded_s=3)  # too short to tell
    for each in (ours, Capacity(2, tmp_path / "pace.json")):
        assert each.pace == 2.0
        assert names(each.take("next", LADDER)) == ["360"]
