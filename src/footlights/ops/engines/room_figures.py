"""Figures of rooms for a monitor. Imported once Django is set up, which says where processes count together."""

from prometheus_client import Counter, Histogram

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
ANSWERS = Counter("footlights_room_answers", "What viewers said, by what became of it.", ["answer"])
CHANGES = Counter("footlights_room_changes", "Changes that rooms were told of.")
TIME = Histogram("footlights_room_batch_seconds", "How long it took to keep a batch.", buckets=SECONDS)
EXPULSIONS = Counter("footlights_room_expulsions", "How often the broker was told whom to put out.")
