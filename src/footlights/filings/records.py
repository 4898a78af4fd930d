"""What crosses the door of filings."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from footlights.kernel.money import Money


class FilingState(StrEnum):
    TOLD = "told"
    LEFT_OUT = "left_out"  # of a sale that Stripe was never told of: from before it was chosen, or refused
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Filing:
    """Of one document. `tax` is what it bears by our account, `their_tax` by Stripe's; of a credit note below zero."""

    document_id: UUID
    state: FilingState
    reason: str
    tax: Money
    their_tax: Money

    @property
    def differs(self) -> bool:
        return self.state is FilingState.TOLD and self.tax != self.their_tax
