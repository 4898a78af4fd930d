"""Every threshold, and the rules that need nothing but numbers.

What a person may do is a count in a window, for each subject the same. What the whole platform may do is measured
against its own rhythm: the same window in the weeks before, by median and median absolute deviation, which a few bad
weeks and holidays do not move. Times are seconds since 1970 (UTC).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt
from statistics import median

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86_400, 7 * 86_400


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` - 1 within `window_s`."""

    window_s: int
    count: int


# One account. People who forgot their password try a handful of times, then reset it.
ACCOUNT_TRIES = (Limit(MINUTE, 12), Limit(10 * MINUTE, 18), Limit(HOUR, 25), Limit(6 * HOUR, 32), Limit(DAY, 40))
# One address block (IPv4 /24, IPv6 /48): thousands of people may share one, so failures count against successes too.
BLOCK_TRIES = (Limit(MINUTE, 40), Limit(10 * MINUTE, 90), Limit(HOUR, 200), Limit(DAY, 800))
BLOCK_TRIES_A_SUCCESS = 3
# Different accounts that fail from one block.
BLOCK_ACCOUNTS = (Limit(MINUTE, 10), Limit(10 * MINUTE, 20), Limit(HOUR, 40), Limit(DAY, 120))
BLOCK_ACCOUNTS_A_SUCCESS = 2
# A sign-in from a new country right after this many failures within an hour is told whoever it is. Of people who travel
# and have forgotten their password, some try a dozen times.
FAILURES_BEFORE_NEW_COUNTRY = 16
FAILURES_REMEMBERED_S = HOUR
# One account's licences: one a film that is opened, and some more while it plays, on three screens.
LICENCES = (Limit(MINUTE, 40), Limit(10 * MINUTE, 90), Limit(HOUR, 240), Limit(DAY, 900))
# One person's files. A whole folder may be dropped at once, and a channel may be cleared out.
UPLOADS = (Limit(10 * MINUTE, 120), Limit(HOUR, 250), Limit(DAY, 800))
DELETIONS = (Limit(MINUTE, 20), Limit(10 * MINUTE, 30), Limit(DAY, 80))
# Pages that are not for whoever asks. People follow a dead link or two, programs try one number after the other.
REFUSALS = (Limit(MINUTE, 20), Limit(10 * MINUTE, 40), Limit(HOUR, 80), Limit(DAY, 250))
# One administrator's refunds.
REFUNDS_BY_ONE = (Limit(MINUTE, 8), Limit(10 * MINUTE, 15), Limit(DAY, 50))


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A window of a whole series: unusual from `floor` on, when it lies `deviations` above the weeks before."""

    window_s: int
    floor: int
    deviations: float


# Longer windows find what is slow. Their floors are for a small service, whose weeks say little.
SIGN_IN_FAILURES = (
    Rhythm(10, 15, 7),
    Rhythm(MINUTE, 25, 7),
    Rhythm(10 * MINUTE, 50, 6),
    Rhythm(HOUR, 100, 6),
    Rhythm(6 * HOUR, 250, 6),
    Rhythm(DAY, 500, 6),
)
UNKNOWN_ACCOUNTS = (
    Rhythm(10, 12, 7),
    Rhythm(MINUTE, 20, 7),
    Rhythm(10 * MINUTE, 40, 6),
    Rhythm(HOUR, 80, 6),
    Rhythm(6 * HOUR, 200, 6),
    Rhythm(DAY, 400, 6),
)
NEW_COUNTRIES = (Rhythm(MINUTE, 10, 8), Rhythm(10 * MINUTE, 20, 7), Rhythm(HOUR, 40, 7), Rhythm(DAY, 150, 7))
REFUND_RHYTHM = (Rhythm(MINUTE, 8, 8), Rhythm(10 * MINUTE, 12, 7), Rhythm(HOUR, 18, 7), Rhythm(DAY, 40, 6))
# Banks take weeks over a dispute, and card schemes act from one sale in a hundred on: a few in a day are many.
DISPUTE_RHYTHM = (Rhythm(HOUR, 4, 7), Rhythm(DAY, 8, 6))
DELETION_RHYTHM = (Rhythm(MINUTE, 40, 8), Rhythm(HOUR, 120, 8), Rhythm(DAY, 300, 7))

WEEKS_COMPARED = 8
WEEKS_NEEDED = 3  # with fewer the days before are compared, with fewer than that many the floor alone decides
DISPERSION = 3.0  # failures come in bursts: one person tries again and again
LEAST_DEVIATION = 0.08  # of the median: no two weeks are alike
LEVEL_MAX = 8.0  # how far a busy day (a premiere, a holiday) may lift what is expected
SHARE_OF_STUFFING = 0.6  # from this share of different accounts on, a spike is a list being tried

ENGINE_DOWN_AFTER_S = 6.0  # a process that is started again takes less
# The same thing told once: what stays quiet for so long is over, and its next time is a new alert.
QUIET_AFTER = timedelta(hours=1)
ALIKE_MAX = 5  # accounts, or networks, told one by one within an hour; more are one alert
# A payout so soon after its destination was changed is told: who takes an account over sends its earnings elsewhere.
REDIRECTED_WITHIN_S = 14 * DAY
TOLD_REMEMBERED = 10_000
GROWN_FACTOR = 10  # what somebody looks after is told once more when it has become so many times larger
TOLD_AGAIN_S = 5.0  # a detector that keeps tripping grows its alert this often


def has_grown(count: int, count_then: int) -> bool:
    """Whether it is by an order larger than when somebody took it on: what they decided was about something else."""
    return count >= GROWN_FACTOR * max(count_then, 1)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a window usually holds, and how much that varies."""

    middle: float
    deviation: float


def expected(hours: Mapping[int, int], *, began: int, at: float, window_s: int) -> Expected | None:
    """The same window in the weeks before, of a series whose hours (since 1970) were counted from hour `began` on.

    None while there are too few weeks, and then days, to compare with.
    """
    for step_hours, steps in ((168, WEEKS_COMPARED), (24, 7)):
        sums = [
            window_sum(hours, ends=at - step * step_hours * HOUR, window_s=window_s)
            for step in range(1, steps + 1)
            if at - step * step_hours * HOUR - window_s >= began * HOUR
        ]
        if len(sums) >= WEEKS_NEEDED:
            return spread(sums)
    return None


def window_sum(hours: Mapping[int, int], *, ends: float, window_s: int) -> float:
    """How much lay in the window that ended then; of an hour that it cuts, the share by time."""
    begins = ends - window_s
    total = 0.0
    for hour in range(int(begins // HOUR), int(ends // HOUR) + 1):
        if count := hours.get(hour, 0):
            total += count * (min(ends, (hour + 1) * HOUR) - max(begins, hour * HOUR)) / HOUR
    return total


def spread(sums: Sequence[float]) -> Expected:
    """Median and deviation (1.4826 MAD: of a normal distribution, one standard deviation), never below chance's own."""
    middle = median(sums)
    deviation = 1.4826 * median([abs(each - middle) for each in sums])
    return Expected(middle, max(deviation, LEAST_DEVIATION * middle, sqrt(DISPERSION * middle)))


def level_of(count: float, usual: float) -> float:
    """How much busier than usual it is: successes lift what failures are expected, never lower it."""
    return min(max((count + 10) / (usual + 10), 1.0), LEVEL_MAX)


def ceiling(rhythm: Rhythm, usual: Expected | None, level: float = 1.0) -> float:
    """The count from which a window is unusual."""
    if usual is None:
        return rhythm.floor
    middle = usual.middle * level
    return max(rhythm.floor, middle + rhythm.deviations * max(usual.deviation * level, sqrt(DISPERSION * middle)))
