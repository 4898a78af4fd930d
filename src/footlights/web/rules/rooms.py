"""Rooms, where people talk while they watch."""

from footlights.web.rules.needs import ANYBODY, Surface

ROOMS = Surface(
    needs={
        "rooms:channel": ANYBODY,
        "rooms:state": ANYBODY,
        "rooms:appeal": ANYBODY,  # answers for who is banned alone
        "rooms:entry": ANYBODY,  # a guest's lets them read and react; a person's, speak
    },
    background=frozenset({"rooms:state", "rooms:entry"}),
)
