"""What people type into a search box, as PostgreSQL's full-text search and our trigrams read it."""

import re
from collections.abc import Iterable

from django.contrib.postgres.search import SearchQuery

from footlights.catalog import policies

MAX_SEARCH_CHARS = 200
MAX_SEARCH_WORDS = 8


def words_query(text: str) -> SearchQuery | None:
    """Every word, whole or begun; None where there is no word."""
    words = words_of(text)
    return (
        SearchQuery(" & ".join(f"'{word}':*" for word in words), config="simple", search_type="raw") if words else None
    )


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", policies.fold(text[:MAX_SEARCH_CHARS]))[:MAX_SEARCH_WORDS]


def trigrams_of(words: Iterable[str]) -> list[str]:
    """The same as the database's catalog_trigrams, of words that are folded already."""
    padded = (f"  {word} " for word in words)
    return sorted({word[start : start + 3] for word in padded for start in range(len(word) - 2)})
