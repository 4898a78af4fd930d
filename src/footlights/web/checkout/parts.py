"""The titles of a collection at the till: which come with it, and which the buyer has already."""

from collections.abc import Sequence
from dataclasses import dataclass

from footlights.catalog.api import Title, list_titles
from footlights.kernel.money import Money
from footlights.monetization.api import Part


@dataclass(frozen=True, slots=True)
class PartLine:
    """`counts` is what is taken off for one that is theirs already; None for one that comes with it."""

    title: Title
    counts: Money | None


def parts_for(parts: Sequence[Part]) -> list[PartLine]:
    titles = list_titles([part.title_id for part in parts]) if parts else {}
    return [PartLine(titles[part.title_id], -part.credit if part.counted_id else None) for part in parts]
