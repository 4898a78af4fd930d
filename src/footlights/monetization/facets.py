"""By what sales are told apart."""

from dataclasses import dataclass
from enum import StrEnum

from footlights.kernel.money import Money


class Source(StrEnum):
    """By which way a buyer came to what they bought. Kept with the purchase alone, never with a person's visits."""

    DIRECT = "direct"  # by its address, or by the pages of the house that show everything
    SEARCH = "search"
    CHANNEL = "channel"  # by a page of its channel
    EMBED = "embed"  # by a player on another site
    LINK = "link"  # by a link on another site


class Facet(StrEnum):
    """By what sales are told apart."""

    KIND = "kind"
    COUNTRY = "country"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class PartEarnings:
    """What was sold in one way: `key` is a kind, a country or a source; empty where it is not known."""

    key: str
    sales: int
    gross: Money
    net: Money
