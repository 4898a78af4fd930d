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


class GiftOpenedError(GivingError):
    """Somebody else was faster: a gift is opened once."""

    code = "gift_opened"


class GiftOverError(GivingError):
    """Its giver took it back, or what it was for is gone. The message says which."""

    code = "gift_over"


class SentOftenError(GivingError):
    """A gift is sent so often and no more: nobody is bothered in another's name."""

    code = "sent_often"
