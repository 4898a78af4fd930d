"""What can be wrong with sharing."""

from footlights.kernel.errors import FootlightsError


class SplitsError(FootlightsError):
    code = "splits"


class ProposalOverError(SplitsError):
    """This proposal was decided in the meantime: load the page again."""

    code = "proposal_over"
