"""The rates as they are written down in rates.csv, each row with its dates and its source."""

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from footlights.taxes.records import Rate

EU = "EU"


@cache
def all_rates() -> tuple[Rate, ...]:
    lines = (files(__name__) / "rates.csv").read_text(encoding="utf-8").splitlines()
    return tuple(_read(row) for row in csv.DictReader(lines))


@cache
def rates_by_place() -> Mapping[tuple[str, str], tuple[Rate, ...]]:
    """The rates of each country and region, the oldest first."""
    places: dict[tuple[str, str], tuple[Rate, ...]] = {}
    for rate in sorted(all_rates(), key=lambda rate: rate.valid_from):
        place = rate.country, rate.region
        places[place] = (*places.get(place, ()), rate)
    return places


@cache
def areas() -> tuple[str, ...]:
    """Where one can be registered: the European Union as one, then every country of the tables by its code."""
    return (EU, *sorted({rate.country for rate in all_rates()}))


def _read(row: Mapping[str, str]) -> Rate:
    return Rate(
        area=row["area"],
        country=row["country"],
        region=row["region"],
        name=row["name"],
        rate_bps=int(row["rate_bps"]),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        is_inclusive=row["inclusive"] == "yes",
        is_owed_by_business=row["business"] == "owes",
        source=row["source"],
    )
