"""What can be wrong with an offer or a purchase."""

from footlights.kernel.errors import FootlightsError
from footlights.kernel.money import Money
from footlights.monetization.records import Offer, Quote


class MonetizationError(FootlightsError):
    code = "monetization"


class OfferChangedError(MonetizationError):
    """The offer is not the one that was shown. `was` was its price; `current` is in its place now."""

    code = "offer_changed"

    def __init__(self, message: str, *, was: Money, current: Offer | None) -> None:
        super().__init__(message)
        self.was = was
        self.current = current


class QuoteChangedError(MonetizationError):
    """What was shown is not what it costs now: `was` was the total, `quote` is what holds. Nothing was charged."""

    code = "quote_changed"

    def __init__(self, message: str, *, was: Money, quote: Quote) -> None:
        super().__init__(message)
        self.was = was
        self.quote = quote


class AlreadyYoursError(MonetizationError):
    """The viewer can watch this already; nothing was charged."""

    code = "already_yours"


class NotReturnableError(MonetizationError):
    """Its buyer cannot give it back by themselves; the message says why."""

    code = "not_returnable"


class CountedError(MonetizationError):
    """Its price counted towards a collection, which has to be given back first; the message names it."""

    code = "counted"


class CouponRefusedError(MonetizationError):
    """The code takes nothing off here; the message says why. Nothing was charged."""

    code = "coupon_refused"
    field = "coupon"


class PressCodeOverError(MonetizationError):
    """A press code that opens nothing any more; the message says why."""

    code = "press_code_over"


class PressCodeTakenError(MonetizationError):
    """Somebody else was faster: a press code is one person's."""

    code = "press_code_taken"


class StillUndecidedError(MonetizationError):
    """A purchase is not decided yet; ask again later."""

    code = "still_undecided"
