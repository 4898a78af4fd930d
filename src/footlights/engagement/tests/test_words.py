import pytest

from footlights.engagement.policies import OWN_WORDS_MAX, WORD_LENGTH_MAX, own_words
from footlights.engagement.words import LISTS, fold, names_one_of

LISTED = ("idiot", "kill yourself")


@pytest.mark.parametrize(
    "text",
    [
        "idiot",
        "You IDIOT!",
        "iiidiooot",
        "1d10t",
        "\u0456d\u0456\u043et",  # Cyrillic
        "i d i o t",
        "i.d.i.o.t",
        "\u00edd\u00ef\u00f6t",
        "\uff49\uff44\uff49\uff4f\uff54",  # full width
        "just KILL  yourself",
    ],
)
def test_a_word_is_found_however_it_is_spelled(text):
    assert names_one_of(text, LISTED)


@pytest.mark.parametrize("text", ["idiotic", "kill it yourself", "", "a b c", "\u2764"])
def test_other_words_are_left_alone(text):
    assert not names_one_of(text, LISTED)


def test_every_listed_word_finds_itself():
    assert all(names_one_of(f"well, {word}.", (word,)) for words in LISTS.values() for word in words)


def test_a_word_of_signs_alone_is_in_nothing():
    assert not names_one_of("hello", ("...",))


def test_own_words_are_bounded_and_tidy():
    typed = "\n".join([" a   b ", "!!!", "x" * 99, *(f"word{number}x" for number in range(2 * OWN_WORDS_MAX))])
    words = own_words(typed)
    assert words[:2] == ["a b", "x" * WORD_LENGTH_MAX]
    assert len(words) == OWN_WORDS_MAX


def test_folding_twice_is_folding_once():
    for text in ("H\u00e9llo  W0rld", "\u0430\u0431\u0432", "s p a m"):
        assert fold(fold(text)) == fold(text)
