"""Who is here, by what brokers say."""

from footlights.engagement.adapters import presence
from footlights.engagement.adapters.presence import Presence
from footlights.kernel.ids import new_id


def test_viewers_of_a_broker_that_says_nothing_more_are_not_here(monkeypatch):
    there, room_id, at = Presence(), new_id(), [1_000.0]
    monkeypatch.setattr(presence, "monotonic", lambda: at[0])
    there._note("first", 1, (room_id.hex, "vera"))
    there._note("first", 2, (room_id.hex, "sam"))
    at[0] += presence.SILENT_S / 2
    there._note("second", 1, (room_id.hex, "vera"))  # who is at another by now
    assert there.count() == {room_id: 2}
    at[0] += presence.SILENT_S / 2 + 1
    assert there.count() == {room_id: 1}
    assert there._lost == {"first"}  # and is asked for all of its viewers if it was there all the time
