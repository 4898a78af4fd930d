"""Pure rules of playback. No I/O.

A *screen* is one player that plays one title. It lives while it beats, and holds one of its account's places.
"""

import re
from datetime import timedelta

from django.utils.translation import gettext as _

from footlights.kernel.errors import InvalidInputError

BEAT_EVERY_S = 10
# Licences of a person that are not worth writing down, in each process.
LICENCES_UNCOUNTED, LICENCES_UNCOUNTED_WITHIN_S = 20, 600
SILENT_AFTER = timedelta(seconds=35)  # three beats lost: the player crashed, and its place is free
TOKEN_LIFETIME = timedelta(minutes=10)
TOKEN_RENEWED_AFTER = timedelta(minutes=4)
SCREENS_KEPT_FOR = timedelta(days=90)

FASTEST_SPEED = 2
MAX_POSITION_MS = 24 * 3_600_000
MAX_SEQUENCE = 2**31 - 1

VIEW_AT_LEAST_MS = 3_000
VIEW_AT_MOST_MS = 30_000
VIEW_COUNTS_AGAIN_AFTER = timedelta(hours=1)

RESUME_FROM_MS = 5_000
MAX_KEY_IDS = 32
MAX_DOMAINS = 100
_DOMAIN = re.compile(r"^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$")


def view_threshold_ms(duration_ms: int) -> int:
    """Played time after which a visit counts as a view: a tenth of the title, at least 3 s and at most 30 s."""
    return max(VIEW_AT_LEAST_MS, min(VIEW_AT_MOST_MS, duration_ms // 10))


def credits_at_ms(duration_ms: int) -> int:
    """From here on it counts as finished: the last twentieth, or the last 3 s of something short."""
    return min(duration_ms * 19 // 20, max(0, duration_ms - 3_000))


def resume_point_ms(position_ms: int, duration_ms: int) -> int:
    """Where to go on: nowhere (0) after only a few seconds, or after the end."""
    return position_ms if RESUME_FROM_MS <= position_ms < credits_at_ms(duration_ms) else 0


def device_name(user_agent: str) -> str:
    """What a person calls the device that sent `user_agent`: "Chrome on Android". Never raises."""
    browsers = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"),
                ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
    systems = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "Chromebook"),
               ("Windows", "Windows"), ("Macintosh", "Mac"), ("Linux", "Linux"))  # fmt: skip
    browser = next((name for mark, name in browsers if mark in user_agent), "A browser")
    system = next((name for mark, name in systems if mark in user_agent), None)
    return f"{browser} on {system}" if system else browser


def clean_domains(domains: list[str]) -> tuple[str, ...]:
    """Host names as people write or paste them, without scheme, path, port and doubles. Raises InvalidInputError."""
    cleaned: dict[str, None] = {}
    for written in domains:
        domain = (
            re.sub(r"^[a-z]+://", "", written.strip().lower())
            .split("/")[0]
            .split(":")[0]
            .removeprefix("www.")
            .rstrip(".")
        )
        if not domain:
            continue
        try:
            domain = domain.encode("idna").decode()
        except UnicodeError:
            domain = ""
        if not _DOMAIN.match(domain):
            raise InvalidInputError(
                _("“%(name)s” is not a website's name. Write it like example.org.") % {"name": written.strip()[:80]},
                field="domains",
            )
        cleaned[domain] = None
    if len(cleaned) > MAX_DOMAINS:
        words = _("More than %(limit)d websites. Allow any website instead.") % {"limit": MAX_DOMAINS}
        raise InvalidInputError(words, field="domains")
    return tuple(cleaned)
