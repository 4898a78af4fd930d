"""The tables. People, titles and channels are ids here, never names; fields and constraints, no workflows."""

from footlights.giving.models.gifts import IS_WAITING, GiftRow
from footlights.giving.models.origins import OriginRow
from footlights.giving.models.paid import Paid, ReturnRow
from footlights.giving.models.tips import TipJarRow, TipRow

Given = TipRow | GiftRow
KINDS: dict[str, type[Given]] = {"tip": TipRow, "gift": GiftRow}  # by what stands before the colon of a reference

__all__ = ["IS_WAITING", "KINDS", "GiftRow", "Given", "OriginRow", "Paid", "ReturnRow", "TipJarRow", "TipRow"]
