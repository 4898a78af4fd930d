"""When a declined card is tried again."""

from datetime import datetime, timedelta

TRY_ON_DAYS = (0, 1, 3, 5, 7)  # after the first try; a declined last one ends the subscription
AT_LEAST_APART = timedelta(hours=12)


def next_try_at(*, tries: int, first_at: datetime, at: datetime) -> datetime | None:
    """When to try again after `tries` declines; None when it was the last. A late one moves the next."""
    if tries >= len(TRY_ON_DAYS):
        return None
    return max(first_at + timedelta(days=TRY_ON_DAYS[tries]), at + AT_LEAST_APART)
