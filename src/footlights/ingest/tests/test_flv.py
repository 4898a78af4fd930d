"""What becomes of a sender's messages before ffmpeg sees them."""

from footlights.ingest import flv
from footlights.ingest.rtmp import amf
from footlights.ingest.rtmp.chunks import AUDIO, DATA, VIDEO, Message

KEY = Message(VIDEO, 0, b"\x17\x01\0\0\0picture")
DELTA = Message(VIDEO, 40, b"\x27\x01\0\0\0picture")
SETUP = Message(VIDEO, 0, b"\x17\0\0\0\0avcC")


def test_a_clock_begins_at_zero_and_goes_on():
    clock = flv.Clock()
    assert [clock.read(at) for at in (5_000, 5_040, 5_020, 5_080)] == [0, 40, 20, 80]


def test_a_clock_that_is_set_makes_no_jump():
    clock = flv.Clock()
    moments = [clock.read(at) for at in (0, 40, 900_000, 900_040, 100, 140)]
    assert moments == sorted(moments)
    assert moments[-1] < 500
    assert clock.jumps == 2


def test_silence_is_as_long_as_the_pictures_whatever_their_steps():
    silence = flv.Silence()
    tags = [silence.reach(at_ms) for at_ms in (0, 33, 33, 20, 67, 6_000)]
    assert [bool(tag) for tag in tags] == [False, True, False, False, True, True]
    assert sum(max(0, len(tag) - len(flv.tag(Message(AUDIO, 0, b"\x34"), 0))) for tag in tags) == 6 * 11_025


def test_a_picture_to_begin_with_is_told_from_others():
    assert flv.is_key_frame(KEY)
    assert not flv.is_key_frame(DELTA)
    assert not flv.is_key_frame(SETUP)
    assert flv.sets_up(SETUP)
    assert flv.sets_up(Message(VIDEO, 0, b"\x90hvc1"))  # Enhanced RTMP: a sequence start
    assert not flv.sets_up(Message(VIDEO, 0, b""))


def test_only_another_setup_asks_for_a_decoder_anew():
    preamble = flv.Preamble()
    assert not preamble.note(SETUP)
    assert not preamble.note(SETUP)
    assert preamble.note(Message(VIDEO, 0, b"\x17\0\0\0\0other"))


def test_data_loses_the_command_that_brought_it():
    body = amf.encode("@setDataFrame", "onMetaData", {"width": 1280})
    tag = flv.tag(Message(DATA, 0, body), 0)
    assert b"@setDataFrame" not in tag
    assert int.from_bytes(tag[-4:], "big") == len(tag) - 4
