"""Why somebody looks at other people's data: a short list, or their own words. Whom it concerns reads it."""

from enum import StrEnum
from typing import Any, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from footlights.kernel.errors import InvalidInputError

NOTE_LENGTH = 200
NOTE_LENGTH_MIN = 4


class Reason(StrEnum):
    """Kept in the trail by its name. OTHER is said in one's own words."""

    words: Any

    def __new__(cls, name: str, words: Any) -> Self:
        reason = str.__new__(cls, name)
        reason._value_ = name
        reason.words = words
        return reason

    ASKED = "asked", gettext_lazy("They asked us for help")
    MONEY = "money", gettext_lazy("A payment or a refund")
    MISUSE = "misuse", gettext_lazy("Something looks like misuse")
    LAW = "law", gettext_lazy("The law asks for it")
    OTHER = "other", gettext_lazy("Something else")


_BY_NAME = {reason.value: reason for reason in Reason}


def told_reason(reason: str, note: str) -> dict[str, str]:
    """What the trail keeps of why. Raises InvalidInputError where nothing, or nothing anybody understands, is said."""
    note = " ".join(note.split())
    if reason not in _BY_NAME:
        raise InvalidInputError(_("Say why."), field="reason")
    if reason == Reason.OTHER and len(note) < NOTE_LENGTH_MIN:
        raise InvalidInputError(_("Say why, in a few words."), field="note")
    if len(note) > NOTE_LENGTH or not note.isprintable():
        raise InvalidInputError(_("A few plain words are enough."), field="note")
    return {"reason": reason, **({"in_words": note} if note else {})}


def words_of_reason(name: str) -> str:
    """As people read it; what is not on the list (any more) keeps its name."""
    reason = _BY_NAME.get(name)
    return str(reason.words) if reason else name
