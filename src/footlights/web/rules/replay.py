"""What was said beside a broadcast, beside its recording."""

from footlights.accounts.api import Permission
from footlights.web.rules.needs import ANYBODY, Surface

REPLAY = Surface(
    needs={
        "replay:whole": ANYBODY,  # whoever may watch the recording
        "replay:piece": ANYBODY,
        "replay:mood": Permission.MODERATE,
        "replay:taken_out": Permission.MODERATE,
        "replay:votes": ANYBODY,  # whoever signed in, of them
    },
    background=frozenset({"replay:whole", "replay:piece", "replay:mood"}),
)
