import pytest

from footlights.accounts.api import Role
from footlights.accounts.testing import make_person
from footlights.catalog.testing import join_team, make_channel
from footlights.engagement.testing import make_room, make_viewer


class Cast:
    """A room of a channel, its creator, a moderator, a viewer and a stranger, each with their id in the room."""

    def __init__(self) -> None:
        self.creator, self.moderator, self.viewer, self.stranger = (
            make_person(display_name=name) for name in ("Maya", "Mo", "Vera", "Sam")
        )
        self.channel = make_channel(self.creator)
        join_team(self.channel, self.moderator, Role.MODERATOR)
        self.room = make_room(self.channel)
        self.creator_id, self.moderator_id, self.viewer_id, self.stranger_id = (
            make_viewer(self.room, each) for each in (self.creator, self.moderator, self.viewer, self.stranger)
        )


@pytest.fixture
def cast(db):
    return Cast()
