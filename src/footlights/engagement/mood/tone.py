"""In which language a short text is, and whether it is meant warmly or coldly. Pure; of lists of words, by rules.

As VADER (Hutto & Gilbert, 2014) does for English: words have degrees, a negation near turns one round, "very" makes it
stronger, and what comes after "but" counts more. Irony is beyond it: what is read is worth something for many texts
together, and nothing for one.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from footlights.engagement.mood.lists import NOT_AFTER, PHRASE_WORDS_MAX, STEM_LETTERS_MIN, Words, lists, stem

SAYS_SOMETHING = 0.4  # degrees from which on a text is warm or cold: on as many texts as VADER says something
LIKE_THE_ROOM = 1.5  # what the room's own language weighs against words that are known: as one and a half of them
SURE = 1.0  # so many words of one language, and so many more than of any other, tell it for sure
TURNED, STRONGER, BEFORE_BUT, AFTER_BUT = -0.74, 1.3, 0.5, 1.5
NEAR = 3
TEXT_LENGTH_MAX = 300
_TOKEN = re.compile(r"[:;=]-?[()DPp/|]|<3|[^\W\d_]+(?:['’-][^\W\d_]+)*|[^\w\s]")  # noqa: RUF001  an apostrophe
_ELSEWHERE = re.compile(r"https?://\S+|www\.\S+|@\w+")
_STRETCHED = re.compile(r"(.)\1{2,}")
_SMILEYS = dict.fromkeys((":)", ":-)", ":D", ":-D", "=)", "=D", ";)", "<3"), 2.0) | dict.fromkeys(
    (":(", ":-(", ":/", ":-/", ":|", "=("), -1.5
)


class Tone(NamedTuple):
    """`language` is "" when it is none that is read; `is_sure` without the room's help. `degree`: -4 to 4 a word."""

    language: str
    is_sure: bool
    degree: float

    @property
    def sign(self) -> int:
        """1 for warm, -1 for cold, 0 for neither."""
        return (self.degree >= SAYS_SOMETHING) - (self.degree <= -SAYS_SOMETHING)


def read(text: str, *, spoken: Mapping[str, float]) -> Tone:
    """What `text` sounds like, where `spoken` are the shares of languages among what was said before."""
    typed = [token.replace("’", "'") for token in _TOKEN.findall(_ELSEWHERE.sub(" ", text[:TEXT_LENGTH_MAX]))]  # noqa: RUF001  as above
    tokens = [_known_as(token.lower()) for token in typed]
    language, is_sure = _language(tokens, spoken)
    degree = sum(_SMILEYS.get(each, 0.0) or lists().emoji.get(each, 0.0) for each in typed)
    if language:
        degree += _degree(tokens, language)
    return Tone(language, is_sure, degree)


def _known_as(word: str) -> str:
    """Stretched for joy or grief it is the same word: soooo, gooood."""
    if not _STRETCHED.search(word):
        return word
    twice = _STRETCHED.sub(r"\1\1", word)
    return twice if twice in lists().languages else _STRETCHED.sub(r"\1", word)


def _language(tokens: list[str], spoken: Mapping[str, float]) -> tuple[str, bool]:
    known, points = lists().languages, dict[str, float]()
    for token in tokens:
        of = known.get(token, ())
        for language in of:
            points[language] = points.get(language, 0.0) + 1 / len(of)
    votes = dict(points)
    for language, share in spoken.items():
        votes[language] = votes.get(language, 0.0) + LIKE_THE_ROOM * share
    if not votes:
        return "", False
    best = max(votes, key=votes.__getitem__)
    others = max((of for language, of in points.items() if language != best), default=0.0)
    is_sure = points.get(best, 0.0) >= SURE and points[best] >= others + SURE
    return (best if best in lists().words else ""), is_sure


def _degree(tokens: list[str], language: str) -> float:
    words = lists().words[language]
    found: list[tuple[int, float]] = []
    at = 0
    while at < len(tokens):
        length, degree = _at(tokens, at, words, language)
        if degree:
            found.append((at, degree * _turned(tokens, at, length, words, language)))
        at += length
    if words.turn not in tokens:
        return sum(degree for _at, degree in found)
    turn = len(tokens) - 1 - tokens[::-1].index(words.turn)
    return sum(degree * (AFTER_BUT if place > turn else BEFORE_BUT) for place, degree in found)


def _at(tokens: list[str], at: int, words: Words, language: str) -> tuple[int, float]:
    """How many words the longest phrase that is known here has, and its degree; one and 0 where none is."""
    word = tokens[at]
    if word in words.openings:
        for length in range(min(PHRASE_WORDS_MAX, len(tokens) - at), 1, -1):
            if degree := words.degrees.get(" ".join(tokens[at : at + length])):
                return length, degree
    if degree := words.degrees.get(word) or words.degrees.get(word.rpartition("'")[2]):
        return 1, degree
    if len(word) > STEM_LETTERS_MIN:
        return 1, words.stems.get(stem(word, language), 0.0)
    return 1, 0.0


def _turned(tokens: list[str], at: int, length: int, words: Words, language: str) -> float:
    before = tokens[max(0, at - NEAR) : at]
    after = tokens[at + length : at + length + NEAR] if language in NOT_AFTER else []
    factor = STRONGER if before and before[-1] in words.boosters else 1.0
    is_turned = not words.negations.isdisjoint(before) or not words.negations.isdisjoint(after)
    return factor * (TURNED if is_turned else 1.0)
