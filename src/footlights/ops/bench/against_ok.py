"""How fast addresses answer beside the view that only says "ok", and how slow their slowest are below that.

Every round measures each in turn, so that a moment in which somebody else has the machine falls on all of them alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from footlights.ops.bench.load import Load, Request, load

OK = [Request(path="/healthz")]
CONNECTIONS, STEADY_CONNECTIONS = 16, 64
SHARE = 0.7
WARM_UP_S = 2


@dataclass
class Measured:
    """One value a round: answers a second at most, and milliseconds at SHARE of that round's own maximum."""

    per_second: list[float] = field(default_factory=list)
    p50_ms: list[float] = field(default_factory=list)
    p95_ms: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)

    def rates_beside(self, ok: "Measured") -> tuple[float, float]:
        """Its answers a second and those of `ok`, in the round in which their ratio was the middle one."""
        rounds = sorted(zip(self.per_second, ok.per_second, strict=True), key=lambda pair: pair[0] / pair[1])
        return rounds[len(rounds) // 2]

    def detail(self) -> dict[str, list[float]]:
        return {
            "per_second": [round(each) for each in self.per_second],
            "p50": [round(each, 1) for each in self.p50_ms],
            "p95": [round(each, 1) for each in self.p95_ms],
            "p99": [round(each, 1) for each in self.p99_ms],
        }


def measure(
    url: str, asked: Mapping[str, Sequence[Request]], *, seconds: float, rounds: int
) -> tuple[Measured, dict[str, Measured]]:
    """The view that says "ok", and each of `asked` by its name. An answer that is an error raises RuntimeError."""
    everything = {"ok": OK, **asked}
    for requests in everything.values():
        load(url, requests, seconds=WARM_UP_S, connections=CONNECTIONS)
    measured = {name: Measured() for name in everything}
    for _ in range(rounds):
        for name, requests in everything.items():
            fastest = _good(load(url, requests, seconds=seconds, connections=CONNECTIONS)).per_second
            steady = _good(
                load(url, requests, seconds=seconds, connections=STEADY_CONNECTIONS, per_second=fastest * SHARE)
            )
            each = measured[name]
            each.per_second.append(fastest)
            each.p50_ms.append(steady.percentile_ms(50))
            each.p95_ms.append(steady.percentile_ms(95))
            each.p99_ms.append(steady.percentile_ms(99))
    return measured.pop("ok"), measured


def _good(measured: Load) -> Load:
    if measured.errors:
        raise RuntimeError(f"{measured.errors} of {len(measured.latencies_ms)} answers were errors.")
    return measured
