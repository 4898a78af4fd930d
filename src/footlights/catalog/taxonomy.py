"""The fixed lists: categories, maturity, and the languages a work may be in (BCP 47, named by CLDR through Babel)."""

from functools import cache

from babel import Locale
from django.utils.translation import gettext_lazy as _

CATEGORIES = {
    "film": _("Films"),
    "short": _("Short films"),
    "documentary": _("Documentary"),
    "animation": _("Animation"),
    "comedy": _("Comedy"),
    "drama": _("Drama"),
    "family": _("Family"),
    "music": _("Music and concerts"),
    "stage": _("Theatre and dance"),
    "talk": _("Talks and podcasts"),
    "learning": _("Learning"),
    "science": _("Science and technology"),
    "nature": _("Nature and travel"),
    "society": _("News and society"),
    "art": _("Art and design"),
    "craft": _("Food and craft"),
    "sport": _("Sport and fitness"),
    "games": _("Games"),
}

MATURITIES = {
    "all": _("Everybody"),
    "teen": _("Teenagers and older"),
    "mature": _("Adults only"),
}

# Varieties that people tell apart beside the plain languages.
_VARIETIES = ("de-AT", "de-CH", "en-GB", "en-US", "es-419", "es-ES", "fr-CA", "nl-BE", "pt-BR", "pt-PT", "sr-Cyrl",
              "sr-Latn", "zh-Hans", "zh-Hant")  # fmt: skip
_NOT_LANGUAGES = {"mul", "und", "zxx", "root"}


@cache
def language_names(locale: str) -> dict[str, str]:
    """Tag → name as `locale` calls it, sorted by name."""
    reader = Locale.parse(locale.replace("-", "_"))
    names = {tag: name for tag, name in reader.languages.items() if "_" not in tag and tag not in _NOT_LANGUAGES}
    for tag in _VARIETIES:
        names[tag] = Locale.parse(tag, sep="-").get_display_name(reader) or tag
    capitalised = {tag: name[:1].upper() + name[1:] for tag, name in names.items()}
    return dict(sorted(capitalised.items(), key=lambda item: item[1].casefold()))


def is_language(tag: str) -> bool:
    return tag in language_names("en")
