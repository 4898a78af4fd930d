"""What a creator is told while they wait."""

import pytest

from footlights.kernel.ids import new_id
from footlights.media import policies, testing
from footlights.media.operations import transcode_asset

pytestmark = [pytest.mark.django_db, pytest.mark.media]


@pytest.mark.parametrize("sound_only", [False, True])
def test_percent_grows_to_the_end(*, sound_only: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[float] = []
    monkeypatch.setattr(transcode_asset, "_reporter", lambda asset: told.append)
    body = testing.sample_audio_bytes() if sound_only else testing.sample_video_bytes()
    testing.run_steps(testing.make_asset(new_id(), body).id, 2)
    assert told == sorted(told)
    assert 0.9 <= told[-1] <= 1.0


def test_stages_say_what_is_done_what_runs_and_what_waits() -> None:
    def states(**now: object) -> list[tuple[str, int]]:
        asked = {"state": "transcoding", "step": "first", "percent": 40, "seconds_left": 9, "started": True} | now
        return [(stage.state, stage.percent) for stage in policies.stages(**asked)]

    waiting = ("waiting", 0)
    assert states() == [("done", 100), ("done", 100), ("running", 40), waiting, waiting]
    assert states(started=False, percent=0) == [("done", 100), ("done", 100), waiting, waiting, waiting]
    assert states(step="probe", state="rejected", percent=0) == [
        ("done", 100),
        ("failed", 0),
        waiting,
        waiting,
        waiting,
    ]
    assert states(step="rest", state="playable", percent=7)[3] == ("running", 7)
    assert states(step="none", state="ready") == [("done", 100)] * 5


def test_seconds_left_are_told_once_they_can_be_known(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int | None]] = []
    clock = iter([0.0, 0.4, 2.0, 10.0])
    monkeypatch.setattr(transcode_asset.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(transcode_asset, "report_progress", lambda asset, percent, left: told.append((percent, left)))
    report = transcode_asset._reporter(None)
    for share in (0.0, 0.01, 0.25):
        report(share)
    assert told == [(1, None), (25, 30)]
