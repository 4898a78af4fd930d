"""What can be wrong with giving."""

from footlights.kernel.errors import FootlightsError


class GivingError(FootlightsError):
    code = "giving"


class TipsClosedError(GivingError):
    """This channel takes no tips; nothing was charged."""

    code = "tips_closed"


class NotReturnableError(GivingError):
    """Its giver cannot have the money back by themselves; the message says why."""

    code = "not_returnable"
