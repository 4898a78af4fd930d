"""The tables. People, titles and channels are ids here, never names; fields and constraints, no workflows."""

from footlights.giving.models.paid import Paid, ReturnRow
from footlights.giving.models.tips import TipJarRow, TipRow

Given = TipRow
KINDS: dict[str, type[Given]] = {"tip": TipRow}  # by what stands before the colon of a reference

__all__ = ["KINDS", "Given", "Paid", "ReturnRow", "TipJarRow", "TipRow"]
