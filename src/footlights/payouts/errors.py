"""What can be wrong with a payout."""

from footlights.kernel.errors import FootlightsError


class PayoutError(FootlightsError):
    code = "payout"


class NothingToPayOutError(PayoutError):
    """Less is available than the service pays out at once; the message says how much, and what the rest waits for."""

    code = "nothing_to_pay_out"


class NoDestinationError(PayoutError):
    """There is no account yet that money may be sent to."""

    code = "no_destination"


class AlreadyAskedError(PayoutError):
    """There is a payout for this time already."""

    code = "already_asked"


class OwnPayoutError(PayoutError):
    """Nobody approves a payout that they asked for or that they gain from."""

    code = "own_payout"


class ConversionChangedError(PayoutError):
    """It would be another amount than was shown."""

    code = "conversion_changed"


class RateUnknownError(PayoutError):
    """Nobody said this week what one of the currencies is worth."""

    code = "rate_unknown"
