"""How many ingests there are, and where each of them listens beside the port that all of them share.

One is enough for some dozen broadcasts. Of several, each takes who comes to the port, and hands on to the others what
is theirs; when one ends, its senders come to the others at once.
"""

import os
from pathlib import Path

from footlights.kernel.environment import Environment
from footlights.kernel.errors import FootlightsError

INGESTS, INGESTS_MAX = "FOOTLIGHTS_INGESTS", 16


def names() -> list[str]:
    """Of all of them, the first first. Raises FootlightsError."""
    text = os.environ.get(INGESTS, "") or "1"
    if not text.isdecimal() or not 1 <= int(text) <= INGESTS_MAX:
        raise FootlightsError(f"{INGESTS} is the number of ingests, from 1 to {INGESTS_MAX}; it says {text!r}.")
    return ["ingest", *(f"ingest-{number}" for number in range(2, int(text) + 1))]


def camera_sockets(environment: Environment) -> list[Path]:
    """Where each takes what browsers send."""
    return [environment.run / f"{name}-camera.sock" for name in names()]


def hand_on_sockets(environment: Environment) -> list[Path]:
    """Where each takes what the others hand on."""
    return [environment.run / f"{name}.sock" for name in names()]
