"""Refuses passwords made of words that everybody here knows: the name of the service, what a streaming site says.

Runs offline, beside Django's list of 20,000 passwords that everybody uses. Never sees whose password it is.
"""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from footlights.accounts.queries import get_installation

KNOWN = (
    "footlights",
    "password",
    "passwort",
    "administrator",
    "admin",
    "welcome",
    "streaming",
    "channel",
    "films",
    "qwerty",
)
ENOUGH_LETTERS = 4  # besides those words


class KnownWordsValidator:
    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002  Django passes it
        words = [*re.findall(r"\w{4,}", get_installation().name.lower()), *KNOWN]
        left = password.lower()
        for word in sorted(words, key=len, reverse=True):
            left = left.replace(word, "")
        if left != password.lower() and len(re.sub(r"[\W\d_]", "", left)) < ENOUGH_LETTERS:
            raise ValidationError(_("Everybody here could guess that: it is made of words this service is known by."))

    def get_help_text(self) -> str:
        return _("Not made of the service's own name.")
