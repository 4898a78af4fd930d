"""How a month of the pass is shared by time watched. Pure, in integer minor units; every sum is exact.

1. Of what each subscriber paid that was earned in the month, the platform has its fee, rounded half to even.
2. By subscriber: the rest goes to the titles they watched, in proportion to their own seconds, by largest remainder.
   Pooled: the rest is put together with everybody's, and goes by the seconds of all.
3. What a subscriber did not watch away is put together and goes by the seconds of all; with no seconds at all it is
   carried to the next month.
4. What went back to a subscriber (a refund, a lost dispute) and is more than they paid in the month was shared in an
   earlier one: it is taken back from what those shares gave, fee and titles, in proportion. What was pooled cannot be
   told apart, so that comes out of what all have together, before it is shared.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from footlights.kernel.money import Money

FEE = None  # the share that is the platform's: of no title
Title = uuid.UUID | None
Whose = uuid.UUID | None
Key = tuple[Whose, Title]  # whose money (None: what all have together), and which title's


@dataclass(slots=True)
class Shared:
    """Who got what of whose money; below zero is taken back. `carried` is what nobody's minutes claimed."""

    parts: dict[Key, int] = field(default_factory=dict)
    carried: int = 0

    def add(self, whose: Whose, title: Title, minor: int) -> None:
        if minor:
            self.parts[whose, title] = self.parts.get((whose, title), 0) + minor

    def of_title(self) -> dict[Title, int]:
        """Summed over everybody's money; the fee under None."""
        sums: dict[Title, int] = {}
        for (_whose, title), minor in self.parts.items():
            sums[title] = sums.get(title, 0) + minor
        return sums


def share(
    money: Mapping[uuid.UUID, int],
    watched: Mapping[uuid.UUID, Mapping[uuid.UUID, int]],
    *,
    brought: int = 0,
    earlier: Mapping[uuid.UUID, Mapping[Title, int]] | None = None,
    fee_bps: int,
    by_subscriber: bool,
    currency: str,
) -> Shared:
    """Divide `money` (by subscriber) and what was `brought` along; `earlier` is what titles got of a subscriber before.

    The parts and what is carried sum to the money and what was brought, exactly.
    """
    shared, together = Shared(), brought
    for whose, minor in money.items():
        if minor < 0:
            together += _take_back(shared, whose, -minor, (earlier or {}).get(whose, {}), currency)
            continue
        fee = Money(minor, currency).share_bps(fee_bps).amount_minor
        shared.add(whose, FEE, fee)
        own = watched.get(whose, {})
        if by_subscriber and any(own.values()):
            _divide(shared, whose, minor - fee, own, currency)
        else:
            together += minor - fee
    everybodys: dict[uuid.UUID, int] = {}
    for own in watched.values():
        for title, seconds in own.items():
            everybodys[title] = everybodys.get(title, 0) + seconds
    if together > 0 and any(everybodys.values()):
        _divide(shared, None, together, everybodys, currency)
    else:
        shared.carried = together
    return shared


def _divide(shared: Shared, whose: Whose, minor: int, seconds: Mapping[uuid.UUID, int], currency: str) -> None:
    titles = sorted(seconds)
    parts = Money(minor, currency).split([seconds[title] for title in titles])
    for title, part in zip(titles, parts, strict=True):
        shared.add(whose, title, part.amount_minor)


def _take_back(shared: Shared, whose: uuid.UUID, back: int, earlier: Mapping[Title, int], currency: str) -> int:
    """From those who got it, never more than they did; returns what is left for all to bear, zero or below."""
    got = {title: minor for title, minor in earlier.items() if minor > 0}
    taken = min(back, sum(got.values()))
    if taken:
        titles = sorted(got, key=str)
        for title, part in zip(titles, Money(taken, currency).split([got[title] for title in titles]), strict=True):
            shared.add(whose, title, -part.amount_minor)
    return taken - back
