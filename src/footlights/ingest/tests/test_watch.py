"""What is noticed of a run, and when: pure rules on a clock of their own."""

from footlights.ingest.watch import FIRST_S, SLOW_FOR_S, STALLED_S, Watch

BEGUN = 1_000.0
LATER = BEGUN + FIRST_S + 20


def watch(*, encoded_s: float = 30.0, published_s: float = 28.0, at: float = LATER) -> Watch:
    """One that went well until then."""
    found = Watch(first_at=BEGUN, begun_at=BEGUN)
    found.hear(f"out_time_us={encoded_s * 1e6:.0f}", at)
    found.look(published_s, at)
    return found


def test_an_encoder_without_progress_is_noticed_within_five_seconds():
    found = watch()
    found.hear("out_time_us=30000000", LATER + 2)  # told again, and nothing new
    assert not found.is_stalled(LATER + STALLED_S)
    assert found.is_stalled(LATER + STALLED_S + 0.1)
    found.hear("out_time_us=31000000", LATER + 4)
    assert not found.is_stalled(LATER + 4)


def test_a_packager_that_writes_nothing_more_is_noticed():
    found = watch()
    for second in range(1, 8):
        found.hear(f"out_time_us={30 + second}000000", LATER + second)
        found.look(28.0, LATER + second)
    assert found.is_stalled(LATER + 7)


def test_a_packager_that_stops_right_after_a_segment_is_noticed_though_the_encoder_stops_too():
    """Four seconds further on: then the sound between the two has no place any more."""
    found = watch(encoded_s=28.9, published_s=28.0)
    for tenth in range(1, 51):
        found.hear(f"out_time_us={min(28.9 + tenth / 10, 32.0) * 1e6:.0f}", LATER + tenth / 10)
        found.look(28.0, LATER + tenth / 10)
        assert not found.is_stalled(LATER + 3.4)
    assert found.is_stalled(LATER + 5)


def test_a_segment_that_is_encoded_is_given_a_second_to_come_out():
    """On a machine that takes two seconds for one."""
    found = watch(encoded_s=28.0, published_s=28.0)
    for half in range(1, 10):
        found.hear(f"out_time_us={(28 + half / 4) * 1e6:.0f}", LATER + half / 2)
        found.look(28.0, LATER + half / 2)
        assert not found.is_stalled(LATER + half / 2)
    found.look(30.0, LATER + 5)
    assert not found.is_stalled(LATER + 5)


def test_a_packager_of_short_segments_is_noticed_sooner():
    found = Watch(first_at=BEGUN, begun_at=BEGUN, segment_s=1)
    found.look(28.0, LATER - 4)
    found.hear("out_time_us=30100000", LATER)
    assert found.is_stalled(LATER)
    found.segment_s = 2
    assert not found.is_stalled(LATER)


def test_a_run_that_begins_is_given_time():
    found = Watch(first_at=BEGUN, begun_at=BEGUN)
    found.hear("out_time_us=N/A", BEGUN + 1)
    assert not found.is_stalled(BEGUN + FIRST_S - 0.1)
    assert found.is_stalled(BEGUN + FIRST_S)


def test_a_machine_is_too_slow_when_its_encoder_stays_behind():
    found = watch()
    for half in range(1, 11):
        found.fed_s = 34.0
        found.look(28.0, LATER + half / 2)
    assert found.is_slow(LATER + SLOW_FOR_S + 1)
    assert found.figures(LATER + 5)["behind_s"] == 4.0
    found.hear("out_time_us=32000000", LATER + 6)  # it comes nearer
    found.look(30.0, LATER + 6)
    assert not found.is_slow(LATER + 20)


def test_silence_and_a_frozen_picture_are_told_in_seconds():
    found = watch()
    found.hear("lavfi.astats.Overall.RMS_level=-21.34", LATER)
    assert (found.figures(LATER)["level_db"], found.figures(LATER)["silent_s"]) == (-21.3, 0.0)
    found.hear("lavfi.astats.Overall.RMS_level=-inf", LATER + 1)
    found.hear("lavfi.freezedetect.freeze_start=12.3", LATER + 1)
    told = found.figures(LATER + 4)
    assert (told["level_db"], told["silent_s"], told["frozen_s"]) == (-99.0, 3.0, 5.0)
    found.hear("lavfi.freezedetect.freeze_end=17.3", LATER + 5)
    assert found.figures(LATER + 5)["frozen_s"] == 0.0
