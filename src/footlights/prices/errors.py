"""What prices raises."""

from footlights.kernel.errors import FootlightsError


class PricesError(FootlightsError):
    code = "prices"


class RatesUnavailableError(PricesError):
    """Nobody could be asked for today's rates. Those of the day before go on holding."""

    code = "rates_unavailable"
