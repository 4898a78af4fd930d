import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from footlights.kernel import shared
from footlights.kernel.shared import Shared


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(shared, "monotonic", clock)
    return clock


def counting():
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return len(made)

    return make, made


def test_a_fresh_value_is_not_made_again(clock) -> None:
    cache: Shared[int] = Shared(fresh_s=2, stale_s=2, capacity=10)
    make, made = counting()
    assert [cache.get("home", make), cache.get("home", make)] == [1, 1]
    clock.now += 0.99
    assert cache.get("home", make) == 1
    assert len(made) == 1


def test_values_made_together_are_not_all_made_anew_together(clock) -> None:
    cache: Shared[int] = Shared(fresh_s=2, stale_s=0, capacity=1_000)
    for key in range(1_000):
        cache.get(key, lambda: 1)
    clock.now += 1.5
    anew = [key for key in range(1_000) if cache.get(key, lambda: 2) == 2]
    assert 300 < len(anew) < 700


def test_a_stale_value_is_made_again_by_whoever_comes_first(clock) -> None:
    cache: Shared[int] = Shared(fresh_s=2, stale_s=2, capacity=10)
    make, _made = counting()
    cache.get("home", make)
    clock.now += 2.5
    assert cache.get("home", make) == 2


def test_while_one_makes_a_stale_value_anew_the_others_get_the_old_one_at_once(clock) -> None:
    cache: Shared[str] = Shared(fresh_s=2, stale_s=2, capacity=10)
    cache.get("home", lambda: "old")
    clock.now += 2.5
    making, finish = threading.Event(), threading.Event()

    def slowly() -> str:
        making.set()
        assert finish.wait(5)
        return "new"

    with ThreadPoolExecutor() as pool:
        first = pool.submit(cache.get, "home", slowly)
        assert making.wait(5)
        assert cache.get("home", lambda: "twice") == "old"
        finish.set()
        assert first.result(5) == "new"
    assert cache.get("home", lambda: "twice") == "new"


def test_a_value_nobody_has_yet_is_made_once_however_many_wait_for_it() -> None:
    cache: Shared[int] = Shared(fresh_s=60, stale_s=0, capacity=10)
    make, made = counting()
    begin = threading.Barrier(8)

    def ask() -> int:
        begin.wait(5)
        return cache.get("home", make)

    with ThreadPoolExecutor(8) as pool:
        answers = [future.result(5) for future in [pool.submit(ask) for _ in range(8)]]
    assert answers == [1] * 8
    assert len(made) == 1


def test_a_maker_that_fails_leaves_nothing_and_blocks_nobody() -> None:
    cache: Shared[str] = Shared(fresh_s=60, stale_s=0, capacity=10)
    with pytest.raises(ValueError, match="no database"):
        cache.get("home", lambda: (_ for _ in ()).throw(ValueError("no database")))
    assert cache.get("home", lambda: "there") == "there"


def test_what_was_asked_for_least_recently_goes_when_it_is_full(clock) -> None:
    cache: Shared[int] = Shared(fresh_s=60, stale_s=0, capacity=2)
    for key in ("a", "b", "c"):
        cache.get(key, lambda: 1)
    assert cache.get("a", lambda: 2) == 2
    assert cache.get("c", lambda: 2) == 1


def test_many_at_once_make_only_what_is_missing(clock) -> None:
    cache: Shared[str] = Shared(fresh_s=2, stale_s=0, capacity=10)
    cache.get("a", lambda: "kept")
    asked: list[list[object]] = []

    def make(missing):
        asked.append(missing)
        return dict.fromkeys(missing, "made")

    assert cache.get_many(["a", "b"], make) == {"a": "kept", "b": "made"}
    assert asked == [["b"]]
