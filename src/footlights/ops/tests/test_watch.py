"""What counts as an engine that is away."""

import pytest

from footlights.ops.engines.watch import WAKES_AFTER_S, Engines, is_there


class Clock:
    seconds = 0.0

    def __call__(self):
        return self.seconds


def broken():
    raise ConnectionError("refused\nand more")


def test_an_engine_is_unhealthy_once_it_has_been_away_long_enough():
    clock, probes = Clock(), {"web": lambda: None, "uploads": broken}
    engines = Engines(probes, clock=clock)
    clock.seconds = WAKES_AFTER_S
    engines.ask("web")
    engines.ask("uploads")
    assert engines.unhealthy(6) == []
    clock.seconds += 6
    engines.ask("uploads")
    assert engines.unhealthy(6) == [("uploads", "refused", 6.0)]
    probes["uploads"] = lambda: None
    engines.ask("uploads")
    assert engines.unhealthy(0) == []


def test_a_service_that_has_just_begun_is_not_unhealthy():
    clock = Clock()
    engines = Engines({"web": broken}, clock=clock)
    engines.ask("web")
    clock.seconds = WAKES_AFTER_S - 1
    assert engines.unhealthy(6) == []
    clock.seconds += 1
    assert engines.unhealthy(6) == [("web", "refused", WAKES_AFTER_S)]


def test_what_never_listened_here_is_not_asked_and_what_did_is_missed_when_it_is_gone(tmp_path):
    socket = tmp_path / "edge.sock"
    assert not is_there(socket)
    socket.touch()
    assert is_there(socket)
    socket.unlink()
    with pytest.raises(FileNotFoundError, match=r"edge\.sock is gone"):
        is_there(socket)
