from footlights.kernel.errors import FootlightsError


class TaxesError(FootlightsError):
    code = "taxes"


class AlreadyRegisteredError(TaxesError):
    """The service is registered there already, and one place counts once at a time. End that registration first."""

    code = "already_registered"
