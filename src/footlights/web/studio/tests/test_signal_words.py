"""What a creator reads about each thing that is watched."""

from types import SimpleNamespace
from typing import Any

import pytest

from footlights.web.studio.signal_words import Line, lines_of

WELL = {"bitrate_bps": 4e6, "frames_per_s": 30.0, "has_sound": 1, "key_every_ms": 2_000, "level_db": -18.0}


def lines(**figures: float) -> list[Line]:
    broadcast: Any = SimpleNamespace(signal=SimpleNamespace(figures=WELL | figures))
    return lines_of(broadcast)


def test_while_all_is_well_nothing_is_advised():
    assert [line.advice for line in lines()] == [""] * 4
    assert lines()[3].meter == "-18.0"


@pytest.mark.parametrize(
    ("figures", "value", "advice"),
    [
        ({"frozen_s": 7.0}, "unmoved for 7 s", "stands still"),
        ({"level_db": -99.0, "silent_s": 4.0}, "silent for 4 s", "Nobody hears you"),
        ({"level_db": -50.0}, "-50 dB", "very quiet"),
        ({"level_db": -2.0}, "-2 dB", "too loud"),
        ({"behind_s": 4.0}, "4 s behind", "cannot keep up"),
        ({"restarted_s": 12.0}, "began anew 12 s ago", "started again"),
        ({"has_backup": 1, "shows_backup": 1}, "viewers see it", "fell silent"),
    ],
)
def test_what_is_wrong_is_said_in_words(figures, value, advice):
    [wrong] = [line for line in lines(**figures) if line.advice]
    assert value in wrong.value
    assert advice in wrong.advice
