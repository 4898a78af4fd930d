"""The world's countries by name, as a reader sorts them."""

from functools import cache

from babel import Locale
from django.utils.translation import gettext as _

CODE_LENGTH = 2


@cache
def names_of(language: str) -> dict[str, str]:
    """ISO 3166-1 codes and names in a language; without the parts of the world that are no country."""
    territories = Locale.parse(language.replace("-", "_")).territories
    return {
        code: str(name)
        for code, name in sorted(territories.items(), key=lambda item: str(item[1]).casefold())
        if len(code) == CODE_LENGTH and code.isalpha() and code not in {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}
    }


def countries(language: str) -> list[tuple[str, str]]:
    """For a form, with a first line for whoever does not say."""
    return [("", _("Where I am now")), *names_of(language).items()]
