"""Numbers and sums of documents. Pure."""

from collections.abc import Sequence

from footlights.invoicing.errors import CreditedTooMuchError
from footlights.invoicing.records import NewLine
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import Money


def number_of(*, series: int | None, year: int, sequence: int) -> str:
    """“2026-000042” for the house, “7-2026-000042” for the seller whose series is 7."""
    return f"{series}-{year}-{sequence:06d}" if series is not None else f"{year}-{sequence:06d}"


def sums_of(lines: Sequence[NewLine]) -> tuple[Money, Money]:
    """Net and tax of all lines. Raises InvalidInputError without a line, and for lines in several currencies."""
    if not lines or len({line.net.currency for line in lines}) > 1:
        raise InvalidInputError("A document has lines, all in one currency.")
    nothing = Money(0, lines[0].net.currency)
    return sum((line.net for line in lines), nothing), sum((line.tax for line in lines), nothing)


def check_credit(*, gross: Money, tax: Money, credited: tuple[Money, Money], returned: tuple[Money, Money]) -> None:
    """Each pair is (gross, tax). Raises CreditedTooMuchError, and InvalidInputError for a credit of nothing."""
    returned_gross, returned_tax = returned
    if returned_gross.amount_minor <= 0 or not 0 <= returned_tax.amount_minor <= returned_gross.amount_minor:
        raise InvalidInputError("A credit note gives something back, and its tax is a part of that.")
    if gross < credited[0] + returned_gross or tax < credited[1] + returned_tax:
        raise CreditedTooMuchError("More would be credited than the document came to.")
