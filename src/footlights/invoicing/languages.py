"""The languages documents are written in. Numbers, dates and countries by CLDR; the words from words/*.po."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files

from babel import Locale, UnknownLocaleError
from babel.messages.pofile import read_po

DEFAULT = "en"
SOURCE = "en"  # the words in the code
WANTED_MAX = 20
SPELT_OUT = {"no": "nb"}  # what browsers call Norwegian as it is mostly written


@cache
def written_languages() -> frozenset[str]:
    """ISO 639-1 codes of all languages that have words."""
    names = (path.name for path in (files(__package__) / "words").iterdir())
    return frozenset({SOURCE, *(name.removesuffix(".po") for name in names if name.endswith(".po"))})


def known_language(wanted: str) -> str:
    """The tag somebody reads best and we can write, from an Accept-Language header or a tag: “de-AT”, or English."""
    ranked = sorted(_weighed(wanted), key=lambda pair: -pair[0])
    for _weight, tag in ranked:
        try:
            locale = Locale.parse(SPELT_OUT.get(tag, tag), sep="-")
        except (UnknownLocaleError, ValueError, TypeError):
            continue
        if locale.language in written_languages():
            return str(locale).replace("_", "-")
    return DEFAULT


def locale_of(language: str) -> Locale:
    return Locale.parse(language, sep="-")


@cache
def words_in(language: str) -> Callable[[str], str]:
    """Gives a word of the code in `language`; one that was not translated stays English."""
    code = locale_of(language).language
    if code == SOURCE:
        return str
    with (files(__package__) / "words" / f"{code}.po").open("rb") as file:
        catalog = {str(message.id): str(message.string) for message in read_po(file) if message.id}
    return lambda word: catalog.get(word) or word


def _weighed(wanted: str) -> list[tuple[float, str]]:
    found = []
    for entry in wanted.split(",")[:WANTED_MAX]:
        tag, _semicolon, weight = entry.strip().partition(";q=")
        try:
            found.append((float(weight or 1), tag))
        except ValueError:
            continue
    return found
