"""The protocol, without a network: what a reader makes of bytes, and how little a stranger can do."""

import asyncio
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footlights.ingest.errors import BadStreamError, RefusedError
from footlights.ingest.rtmp import amf
from footlights.ingest.rtmp.chunks import AUDIO, COMMAND, SET_CHUNK_SIZE, VIDEO, ChunkReader, written
from footlights.ingest.rtmp.connection import Connection
from footlights.kernel.testing import run_apart

HELLO = b"\3" + bytes(1536) + bytes(1536)
VALUE = st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20)
VALUES = VALUE | st.dictionaries(st.text(min_size=1, max_size=8), VALUE, max_size=3)


class Writer:
    def __init__(self) -> None:
        self.said = b""

    def write(self, body: bytes) -> None:
        self.said += body

    async def drain(self) -> None: ...


def read(*pieces: bytes) -> list:
    async def collect() -> list:
        reader = asyncio.StreamReader()
        reader.feed_data(b"".join(pieces))
        reader.feed_eof()
        found = []
        with suppress(asyncio.IncompleteReadError):
            async for message in ChunkReader(reader).messages():
                found.append(message)  # noqa: PERF401  what came before the end counts
        return found

    return run_apart(collect())


def open_with(*pieces: bytes, admit=None) -> tuple[list[str], bytes]:
    """The keys that were shown, and what the sender was told."""
    keys: list[str] = []
    writer = Writer()

    async def take(key: str) -> None:
        keys.append(key)
        if key == "wrong":
            raise RefusedError("Not this one.")

    async def talk() -> None:
        reader = asyncio.StreamReader()
        reader.feed_data(b"".join(pieces))
        reader.feed_eof()
        await Connection(reader, writer).open(take)  # type: ignore[arg-type]

    run_apart(talk())
    return keys, writer.said


def command(*values: object) -> bytes:
    return written(COMMAND, amf.encode(*values))


def publish(name: str) -> bytes:
    return command("publish", 5, None, name, "live")


@given(st.lists(VALUES, max_size=5))
@settings(max_examples=30)
def test_values_survive_the_wire(values):
    assert amf.decode(amf.encode(*values)) == values


@given(st.binary(max_size=200))
@settings(max_examples=60)
def test_no_bytes_break_the_decoder_otherwise_than_by_a_refusal(body):
    with suppress(BadStreamError):
        amf.decode(body)


@given(st.binary(max_size=400))
@settings(max_examples=60)
def test_no_bytes_break_the_reader_otherwise_than_by_a_refusal(body):
    with suppress(BadStreamError):
        read(body)


def test_a_message_in_many_chunks_is_one_message():
    body = bytes(range(256)) * 3
    [message] = read(written(VIDEO, body))
    assert (message.kind, message.body) == (VIDEO, body)


def test_headers_that_leave_things_out_take_them_from_the_chunk_before():
    first = bytes([4]) + (100).to_bytes(3, "big") + (2).to_bytes(3, "big") + bytes([AUDIO]) + bytes(4) + b"ab"
    second = bytes([0x80 | 4]) + (20).to_bytes(3, "big") + b"cd"
    third = bytes([0xC0 | 4]) + b"ef"
    assert [(each.at_ms, each.body) for each in read(first, second, third)] == [
        (100, b"ab"),
        (120, b"cd"),
        (140, b"ef"),
    ]


def test_a_clock_of_four_bytes_is_read():
    late = (
        bytes([4]) + b"\xff\xff\xff" + (1).to_bytes(3, "big") + bytes([AUDIO]) + bytes(4) + b"\x01\x00\x00\x00" + b"a"
    )
    [message] = read(late)
    assert message.at_ms == 1 << 24


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(written(SET_CHUNK_SIZE, (1 << 30).to_bytes(4, "big")), id="a chunk of a gigabyte"),
        pytest.param(bytes([3]) + bytes(3) + b"\xff\xff\xff" + bytes([COMMAND]) + bytes(4), id="a huge command"),
        pytest.param(bytes([3]) + bytes(3) + b"\xff\xff\xff" + bytes([VIDEO]) + bytes(4), id="a huge picture"),
        pytest.param(b"".join(written(AUDIO, b"a", chunk_stream=each) for each in range(3, 40)), id="many streams"),
        pytest.param(b"\xc5", id="a stream that never began"),
    ],
)
def test_what_no_encoder_sends_is_refused(body):
    with pytest.raises(BadStreamError):
        read(body)


def test_a_key_is_asked_about_without_what_follows_it():
    keys, said = open_with(HELLO, command("connect", 1, {"app": "live"}), publish("right?x=1"))
    assert keys == ["right"]
    assert b"NetStream.Publish.Start" in said


def test_a_wrong_key_is_told_so():
    with pytest.raises(RefusedError, match="Not this one"):
        open_with(HELLO, command("connect", 1, {"app": "live"}), publish("wrong"))


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"GET / HTTP/1.1\r\n" + bytes(2000), id="another protocol"),
        pytest.param(HELLO + written(VIDEO, b"picture"), id="media before a key"),
        pytest.param(HELLO + command("connect", 1, {"app": "x" * 9_000}) * 6, id="endless talk"),
        pytest.param(HELLO + written(COMMAND, b"\x02\xff\xffno"), id="a command cut short"),
    ],
)
def test_a_stranger_gets_nowhere(said):
    with pytest.raises(BadStreamError):
        open_with(said)
