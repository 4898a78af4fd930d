"""The one place that reads the clock. Operations take `at:`; only entry points call now()."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
