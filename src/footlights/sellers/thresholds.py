"""From how much on a payee gets a Form 1099-K, by the year of the payments. Pure.

26 U.S.C. 6050W(e): a third party settlement organization reports a payee to whom the gross amount exceeds 20,000 USD
and the number of transactions exceeds 200. The American Rescue Plan Act of 2021 had lowered it to 600 USD; the One,
Big, Beautiful Bill Act (Public Law 119-21, section 70432) took that back as if it had never been, which IRS Fact Sheet
FS-2025-08 (23 October 2025) confirms. A year whose law is another gets a row of its own. Several states ask from less
on; theirs are not here.
"""

from dataclasses import dataclass

from footlights.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Threshold:
    """Both are to be exceeded."""

    from_year: int
    gross: Money
    transactions: int


FEDERAL = (Threshold(2011, Money(2_000_000, "USD"), 200),)  # the newest first


def threshold_in(year: int) -> Threshold | None:
    """None for years before there was the form."""
    return next((each for each in FEDERAL if each.from_year <= year), None)


def is_reported(*, gross: Money, transactions: int, year: int) -> bool:
    threshold = threshold_in(year)
    return threshold is not None and threshold.gross < gross and threshold.transactions < transactions
