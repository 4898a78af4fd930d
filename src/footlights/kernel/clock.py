"""The one place that reads the clock. Operations take `at:`; only entry points call now()."""

from datetime import UTC, datetime, timedelta

_ahead = timedelta(0)


def now() -> datetime:
    return datetime.now(UTC) + _ahead


def run_ahead(to: datetime) -> None:
    """Let the clock of this process stand at `to` and go on from there: for simulations alone."""
    global _ahead  # noqa: PLW0603  there is one clock
    _ahead = to - datetime.now(UTC)
