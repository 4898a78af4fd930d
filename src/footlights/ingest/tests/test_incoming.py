"""Who is shown of two senders, and from which picture on: pure rules, no stream."""

from typing import Any

from footlights.ingest.incoming import BACK_AFTER_S, KEPT_S, SILENT_S, Incoming, Seat, choose
from footlights.ingest.rtmp.chunks import AUDIO, VIDEO, Message

HEADER, KEY, OTHER, SOUND = b"\x17\x00", b"\x17\x01", b"\x27\x01", b"\xaf\x01"


def sending(seat: Seat, *, since: float, until: float) -> Incoming:
    """A sender with ten pictures a second, a whole one each second, and sound."""
    sender: Any = None
    found = Incoming(sender, seat, heard_at=since)
    found.note(Message(VIDEO, 0, HEADER), since)
    for number in range(round((until - since) * 10) + 1):
        at = since + number / 10
        found.note(Message(VIDEO, number * 100, OTHER if number % 10 else KEY), at)
        found.note(Message(AUDIO, number * 100, SOUND), at + 0.01)
    return found


def shown(now: Seat | None, *incoming: Incoming, at: float) -> Seat | None:
    return choose(now, {each.seat: each for each in incoming}, at)


def test_the_main_sender_wins_until_it_falls_silent():
    main, backup = sending(Seat.MAIN, since=100, until=110), sending(Seat.BACKUP, since=100, until=112)
    assert shown(Seat.MAIN, main, backup, at=110 + SILENT_S) is Seat.MAIN
    assert shown(Seat.MAIN, main, backup, at=110.1 + SILENT_S) is Seat.BACKUP
    assert shown(None, backup, at=112) is Seat.BACKUP  # it closed


def test_the_main_sender_comes_back_once_it_was_steady():
    backup = sending(Seat.BACKUP, since=100, until=130)
    short, long = (sending(Seat.MAIN, since=130 - for_s, until=130) for for_s in (BACK_AFTER_S - 0.2, BACK_AFTER_S))
    assert shown(Seat.BACKUP, short, backup, at=130) is Seat.BACKUP
    assert shown(Seat.BACKUP, long, backup, at=130) is Seat.MAIN
    long.note(Message(VIDEO, 90_000, KEY), 131.2)  # a pause begins the count anew
    assert shown(Seat.BACKUP, long, sending(Seat.BACKUP, since=100, until=131), at=131.2) is Seat.BACKUP


def test_a_main_sender_that_just_connected_is_waited_for_unless_viewers_would_wait_too():
    main, backup = Incoming(None, Seat.MAIN, heard_at=100), sending(Seat.BACKUP, since=100, until=103)  # type: ignore[arg-type]
    assert shown(None, main, backup, at=100.5) is Seat.MAIN
    assert shown(None, main, backup, at=103) is Seat.BACKUP
    assert shown(Seat.BACKUP, main, backup, at=100.5) is Seat.BACKUP


def test_when_both_are_silent_nothing_changes():
    main, backup = sending(Seat.MAIN, since=100, until=110), sending(Seat.BACKUP, since=100, until=110)
    for now in Seat:
        assert shown(now, main, backup, at=120) is now


def test_a_run_begins_with_the_picture_after_the_last_that_was_seen():
    backup = sending(Seat.BACKUP, since=100, until=105)
    messages, skip_s, first_at = backup.since(103.45)
    assert messages[0] == Message(VIDEO, 3_000, KEY)
    assert (skip_s, round(first_at, 1)) == (0.5, 103.5)
    messages, skip_s, first_at = backup.since(0)  # all there is
    assert (messages[0].at_ms, skip_s, first_at) == (0, 0, 100)


def test_only_the_last_seconds_are_kept_and_always_from_a_key_frame_on():
    messages, _skip_s, first_at = sending(Seat.MAIN, since=100, until=160).since(0)
    assert 160 - KEPT_S - 1 <= first_at <= 160 - KEPT_S
    assert messages[0].body == KEY


def test_another_picture_needs_a_whole_one_first():
    main = sending(Seat.MAIN, since=100, until=105)
    assert main.note(Message(VIDEO, 5_100, HEADER + b"another"), 105.1)
    assert not main.is_ready
    main.note(Message(VIDEO, 5_200, OTHER), 105.2)
    assert not main.is_ready
    main.note(Message(VIDEO, 5_300, KEY), 105.3)
    main.note(Message(AUDIO, 5_300, SOUND), 105.3)
    assert main.is_ready


def test_silence_is_assumed_only_after_a_while():
    silent: Any = Incoming(None, Seat.MAIN, heard_at=100)  # type: ignore[arg-type]
    silent.note(Message(VIDEO, 0, OTHER), 100)
    assert not silent.is_ready  # nothing is kept before a key frame
    silent.note(Message(VIDEO, 40, KEY), 100.04)
    assert not silent.is_ready
    silent.note(Message(VIDEO, 1_040, OTHER), 101.04)
    assert silent.is_ready
