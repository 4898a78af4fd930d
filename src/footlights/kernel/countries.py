"""Which country an address was given to, from the five registries' own lists, as a package ships them. Asks nobody."""

from functools import lru_cache

import iptocc


@lru_cache(maxsize=10_000)
def country_of(address: str) -> str:
    """ISO 3166-1 alpha-2, or nothing for addresses of no country. Good for "another than before", not for where."""
    return iptocc.country_code(address) or ""
