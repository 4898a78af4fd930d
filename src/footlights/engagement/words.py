"""What people write, made comparable: spelled with look-alikes, digits for letters or stretched, it is the same word.

Pure. Owns the short lists of slurs that a channel may switch off, one a language. Never decides what becomes of a
message.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Letters of other scripts with which chats slip past a list (of UTS 39's confusables, those that look like a-z), and
# digits and signs that stand for a letter.
_ALIKE = str.maketrans(
    "авекмнорстухіјѕԁԛԝαβγεικνορτυχω013457@$",  # noqa: RUF001  that they look alike is the point
    "abekmhopctyxijsdqwabyeiknoptuxwoieastas",
)
_RUN = re.compile(r"(.)\1+")
_TOKEN = re.compile(r"\w+")
LISTS: dict[str, tuple[str, ...]] = {
    "de": ("arschloch", "fotze", "hurensohn", "kanake", "missgeburt", "nigger", "schlampe", "schwuchtel", "wichser"),
    "en": ("cunt", "faggot", "fuck you", "kike", "kill yourself", "kys", "nigger", "nigga", "retarded", "whore"),
    "es": ("hijo de puta", "maricon", "puta", "puto", "sudaca"),
    "fr": ("batard", "connard", "connasse", "encule", "fils de pute", "negre", "pute", "salope", "tarlouze"),
    "it": ("bastardo", "figlio di puttana", "frocio", "puttana", "stronzo", "troia", "vaffanculo"),
    "pt": ("arrombado", "caralho", "filho da puta", "puta", "viado"),
}  # fmt: skip


def fold(text: str) -> str:
    """As it is compared: no marks, no case, look-alikes as the letter they look like, each letter once in a row."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(each for each in plain if not unicodedata.category(each).startswith("M")).translate(_ALIKE)
    return _RUN.sub(r"\1", " ".join(_joined(_TOKEN.findall(bare))))


def names_one_of(text: str, words: Iterable[str]) -> bool:
    """Whether one of `words` (or phrases) stands in it, whole."""
    said = f" {fold(text)} "
    return any(f" {each} " in said for each in folded(tuple(words)))


@lru_cache(maxsize=256)
def folded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, map(fold, words)))


def _joined(tokens: list[str]) -> list[str]:
    """Letters that stand alone in a row are one word: s p a m."""
    joined: list[str] = []
    is_spelled = False
    for token in tokens:
        if len(token) == 1 and is_spelled:
            joined[-1] += token
        else:
            joined.append(token)
            is_spelled = len(token) == 1
    return joined
