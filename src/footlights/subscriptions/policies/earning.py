"""What is earned of a paid period by when. Deferred money becomes income and shares day by day, exactly.

Each party's part of a period is fixed when it is paid. After n of its N days, floor(part × n / N) of each is earned: so
a part never shrinks, and at the end each is whole, to the last unit.
"""

from collections.abc import Mapping, Sequence

from footlights.kernel.money import Money
from footlights.ledger.api import Posting

PLATFORM = "platform:fees"
Parts = Mapping[str, int]  # minor units by account of the ledger


def parts_of(net: Money, *, fee_bps: int, shares: Sequence[tuple[str, Money]]) -> dict[str, int]:
    """The fee, rounded half to even, and what `shares` say of the rest; together exactly `net`."""
    fee = net.share_bps(fee_bps)
    parts = {PLATFORM: fee.amount_minor}
    for account, part in shares:
        parts[account] = parts.get(account, 0) + part.amount_minor
    return {account: part for account, part in parts.items() if part}


def pooled(net: Money, pool: str) -> dict[str, int]:
    """Nobody's part yet: all of it lies in one account as it is earned, and is shared out of that later."""
    return {pool: net.amount_minor}


def earned_by(parts: Parts, *, day: int, days: int) -> dict[str, int]:
    """What each has earned after `day` of `days` days."""
    return {account: part * day // days for account, part in parts.items()}


def left_after(parts: Parts, *, day: int, days: int) -> int:
    """What is not earned yet, in minor units."""
    return sum(parts.values()) - sum(earned_by(parts, day=day, days=days).values())


def days_postings(
    parts: Parts, *, from_day: int, to_day: int, days: int, deferred: str, currency: str
) -> list[Posting]:
    """Out of what is deferred, to each what they earned in between; nothing when no whole unit was."""
    before, after = earned_by(parts, day=from_day, days=days), earned_by(parts, day=to_day, days=days)
    earned = [(account, after[account] - before[account]) for account in sorted(parts)]
    return _balanced(deferred, earned, currency)


def take_back(parts: Parts, *, day: int, days: int, back: Money, deferred: str) -> list[Posting]:
    """Close a period of which `back` (net of tax) goes to its buyer: first out of what nobody has earned yet.

    What that does not cover is taken from what was earned, in proportion; what is left of it is earned now. The credit
    to the gateway is the caller's.
    """
    left = left_after(parts, day=day, days=days)
    over = left - back.amount_minor
    earned = earned_by(parts, day=day, days=days)
    weights = [parts[account] - earned[account] if over > 0 else earned[account] for account in sorted(parts)]
    moved = Money(abs(over), back.currency).split(weights) if over else []
    sign = -1 if over > 0 else 1
    postings = [Posting(deferred, Money(left, back.currency))]
    postings += [
        Posting(account, Money(sign * part.amount_minor, back.currency))
        for account, part in zip(sorted(parts), moved, strict=False)
    ]
    return [posting for posting in postings if posting.amount]


def give_some_back(parts: Parts, *, back: Money) -> list[Posting]:
    """A part of a period that goes on goes back: each bears it in proportion, out of what they have."""
    accounts = sorted(parts)
    borne = back.split([parts[account] for account in accounts])
    return [Posting(account, part) for account, part in zip(accounts, borne, strict=True) if part]


def _balanced(deferred: str, earned: Sequence[tuple[str, int]], currency: str) -> list[Posting]:
    total = sum(part for _account, part in earned)
    postings = [Posting(deferred, Money(total, currency))] if total else []
    return postings + [Posting(account, Money(-part, currency)) for account, part in earned if part]
