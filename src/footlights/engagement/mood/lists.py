"""The words by which tones and languages are told: read once from the files beside this one.

A file of a language has a degree a line, from -4 (dreadful) to 4 (wonderful), and the words of that degree. They come
from packages (scripts/mood_words.py); stage.txt is ours and goes before them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).parent
READ = ("de", "en", "es", "fr", "it", "nl", "pt")
PHRASE_WORDS_MAX = 4
STEM_LETTERS_MIN = 4
# What turns a tone round, makes it stronger, or says that what comes now counts.
NOT = {
    "de": "nicht kein keine keinen keinem keiner keines nie niemals nichts ohne kaum weder nich net",
    "en": (
        "not no never none nothing nor neither without hardly cannot cant can't dont don't doesnt doesn't didnt didn't "
        "isnt isn't wasnt wasn't wont won't wouldnt wouldn't aint ain't arent aren't couldnt couldn't "
        "shouldnt shouldn't"
    ),
    "es": "no nunca nada sin ni jamás tampoco ningún ninguna",
    "fr": "pas jamais rien sans aucun aucune ni ne guère",
    "it": "non mai niente nulla senza né nessun nessuna nessuno",
    "nl": "niet geen nooit niets niks zonder nauwelijks noch",
    "pt": "não nao nunca jamais nada sem nem nenhum nenhuma",
}
VERY = {
    "de": "sehr so total echt richtig mega super extrem absolut unglaublich",
    "en": "very really so extremely absolutely totally super incredibly",
    "es": "muy tan super re mucho",
    "fr": "très trop vraiment super si",
    "it": "molto troppo davvero super così",
    "nl": "heel erg zeer echt super",
    "pt": "muito tão super demais",
}
BUT = {"de": "aber", "en": "but", "es": "pero", "fr": "mais", "it": "ma", "nl": "maar", "pt": "mas"}
NOT_AFTER = frozenset({"de", "nl"})  # where "not" also stands behind what it turns round
ENDINGS = {
    "de": ("sten", "ster", "stes", "ten", "tes", "ter", "en", "er", "es", "em", "et", "st", "te", "e", "n", "s", "t"),
    "en": ("ing", "ed", "ly", "er", "est", "es", "s", "e", "d"),
    "es": ("mente", "ísimo", "ísima", "os", "as", "es", "o", "a", "s", "e"),
    "fr": ("ement", "ment", "ées", "ée", "es", "és", "é", "e", "s", "x"),
    "it": ("issimo", "issima", "mente", "i", "e", "o", "a"),
    "nl": ("ste", "en", "er", "de", "te", "e", "s", "t"),
    "pt": ("mente", "íssimo", "íssima", "os", "as", "es", "o", "a", "s", "e"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """One language: the degree of each word and phrase, with what phrases begin, and of stems whose words agree."""

    degrees: dict[str, float]
    openings: frozenset[str]
    stems: dict[str, float]
    negations: frozenset[str]
    boosters: frozenset[str]
    turn: str


@dataclass(frozen=True, slots=True)
class Lists:
    """All of them. `languages`: in which languages a word is known, also those of which no tone is read."""

    words: dict[str, Words]
    emoji: dict[str, float]
    languages: dict[str, tuple[str, ...]]


def stem(word: str, language: str) -> str:
    """The word without its ending, when enough is left."""
    for ending in ENDINGS[language]:
        if word.endswith(ending) and len(word) - len(ending) >= STEM_LETTERS_MIN:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=1)
def lists() -> Lists:
    """Some 50,000 words: 10 MB, and a tenth of a second, once a process."""
    stage = list(_stage())
    words = {each: _words(each, stage) for each in READ}
    known: dict[str, list[str]] = {}
    for language, found in _plain():
        for word in found:
            known.setdefault(word, []).append(language)
    for language, of in words.items():
        for phrase in (*of.degrees, *of.negations, *of.boosters):
            for word in phrase.split():
                if language not in known.setdefault(word, []):
                    known[word].append(language)
    emoji = dict(_degrees("emoji")) | {word: degree for of, word, degree in stage if of == "emoji"}
    return Lists(words, emoji, {word: tuple(of) for word, of in known.items()})


def _words(language: str, stage: list[tuple[str, str, float]]) -> Words:
    degrees = dict(_degrees(language))
    stems: dict[str, list[float]] = {}
    for word, degree in degrees.items():
        if " " not in word:
            stems.setdefault(stem(word, language), []).append(degree)
    own = {word: degree for of, word, degree in stage if of in {language, "any"}}
    return Words(
        degrees | own,
        frozenset(word.partition(" ")[0] for word in (*degrees, *own) if " " in word),
        {each: sum(of) / len(of) for each, of in stems.items() if min(of) * max(of) > 0},
        frozenset(NOT[language].split()),
        frozenset(VERY[language].split()),
        BUT[language],
    )


def _degrees(name: str) -> Iterator[tuple[str, float]]:
    for line in (HERE / f"{name}.txt").read_text("utf-8").splitlines():
        degree, _blank, words = line.partition(" ")
        for word in words.split(", "):
            yield word, float(degree)


def _plain() -> Iterator[tuple[str, list[str]]]:
    for line in (HERE / "plain.txt").read_text("utf-8").splitlines():
        language, _blank, words = line.partition(" ")
        yield language, words.split(", ")


def _stage() -> Iterator[tuple[str, str, float]]:
    for line in (HERE / "stage.txt").read_text("utf-8").splitlines()[1:]:
        language, degree, words = line.split(" ", 2)
        for word in words.split(", "):
            yield language, word, float(degree)
