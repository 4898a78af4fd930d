"""The periods taxes are returned for: quarters and months, of UTC. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

QUARTERS_SHOWN, MONTHS_SHOWN = 8, 12
CODE = re.compile(r"(2\d{3})-(?:Q([1-4])|(0[1-9]|1[0-2]))")


@dataclass(frozen=True, slots=True)
class TaxPeriod:
    """From `since` to before `until`. `code` is “2026-Q4” or “2026-11”."""

    code: str
    since: datetime
    until: datetime


def find_period(code: str) -> TaxPeriod | None:
    match = CODE.fullmatch(code)
    if match is None:
        return None
    year, quarter, month = (int(part) if part else 0 for part in match.groups())
    first, length = (quarter * 3 - 2, 3) if quarter else (month, 1)
    return TaxPeriod(code, _month(year, first), _month(year, first + length))


def recent_periods(at: datetime) -> list[TaxPeriod]:
    """This quarter and those before it, then this month and those before it."""
    months = at.year * 12 + at.month - 1
    quarters = [divmod(months // 3 - back, 4) for back in range(QUARTERS_SHOWN)]
    singles = [divmod(months - back, 12) for back in range(MONTHS_SHOWN)]
    codes = [f"{year}-Q{quarter + 1}" for year, quarter in quarters]
    codes += [f"{year}-{month + 1:02}" for year, month in singles]
    return [period for code in codes if (period := find_period(code))]


def _month(year: int, month: int) -> datetime:
    return datetime(year + (month - 1) // 12, (month - 1) % 12 + 1, 1, tzinfo=UTC)
