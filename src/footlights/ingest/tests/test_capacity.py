"""A machine starts no more renditions than it encodes in real time."""

import pytest

from footlights.ingest import capacity
from footlights.ingest.capacity import Capacity, fitting
from footlights.ingest.ladder import LADDER, Rung
from footlights.kernel.testing import run_apart

COSTS = {"1080": 1.2, "720": 0.6, "360": 0.2}


def names(rungs: list[Rung]) -> list[str]:
    return [rung.name for rung in rungs]


@pytest.mark.parametrize(
    ("left", "chosen"), [(2.0, ["1080", "720", "360"]), (1.9, ["720", "360"]), (0.7, ["360"]), (0.0, ["360"])]
)
def test_as_many_as_fit_from_the_lowest_up(left, chosen):
    assert names(fitting(LADDER, COSTS, left)) == chosen


def test_broadcasts_share_the_machine_and_what_was_measured_is_remembered(tmp_path, monkeypatch):
    measured = []

    async def cost_of(rung: Rung) -> float:
        measured.append(rung.name)
        return COSTS[rung.name]

    monkeypatch.setattr(capacity, "_cost_of", cost_of)

    async def share() -> None:
        ours = Capacity(4, tmp_path / "pace.json")
        assert names(await ours.take("first", LADDER)) == ["1080", "720", "360"]
        assert names(await ours.take("second", LADDER)) == ["720", "360"]
        assert names(await ours.take("third", LADDER)) == ["360"]
        assert names(await ours.take("first", LADDER)) == ["1080", "720", "360"]  # its own share is no hindrance
        ours.give_back("first")
        assert names(await ours.take("third", LADDER)) == ["1080", "720", "360"]
        assert names(await Capacity(4, tmp_path / "pace.json").take("later", LADDER[1:])) == ["720", "360"]

    run_apart(share())
    assert measured == ["1080", "720", "360"]  # once


@pytest.mark.media
def test_a_larger_picture_takes_more_of_a_real_machine():
    async def measure() -> list[float]:
        return [await capacity._cost_of(rung) for rung in LADDER]

    large, middle, small = run_apart(measure())
    assert large > middle > small > 0
