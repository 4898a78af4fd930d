"""What a document says of a sale whose tax the buyer owes themselves."""

from footlights.invoicing.api import Reversed
from footlights.taxes.api import find_reverse_charge, is_of_union


def reversed_by(reference: str) -> Reversed | None:
    """None for every other sale. `reference` is what the sale was noted under: "purchase:<id>"."""
    found = find_reverse_charge(reference)
    if found is None:
        return None
    return Reversed(found.number, found.own_number, is_in_union=is_of_union(found.check.country))
