"""What others tell us. Each may come twice, or late."""

from footlights.engagement.operations.note_tip import note_tip
from footlights.giving.events import TipGiven
from footlights.kernel.events import subscribe


@subscribe(TipGiven)
def let_the_room_hear(event: TipGiven) -> None:
    note_tip(event)
