"""Every pair of tokens that meets on a page, in both themes, against WCAG 2.2 (1.4.3: 4.5 for words, 1.4.11: 3 for edges)."""

import re
from itertools import product
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[1] / "css" / "tokens.css").read_text()
PAIRS = dict(re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\);", TOKENS))
SURFACES = ("ink", "velvet", "fold")
WORDS = ("text", "text-quiet", "glow", "live", "gain")
ON = [("on-glow", "glow"), ("on-glow", "glow-bright"), ("on-live", "live"), ("on-gain", "gain"), ("ink", "text")]


def color(token: str, theme: str) -> tuple[float, ...]:
    light, dark = PAIRS[token].split(", ")
    value = dark if theme == "dark" else light
    return tuple(int(value[at : at + 2], 16) / 255 for at in (1, 3, 5))


def luminance(rgb: tuple[float, ...]) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str, theme: str) -> float:
    bright, dim = sorted((luminance(color(one, theme)), luminance(color(other, theme))), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_the_measure_is_right() -> None:
    assert luminance((1, 1, 1)) == pytest.approx(1)
    assert luminance((0, 0, 0)) == 0


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize(("word", "surface"), [*product(WORDS, SURFACES), *ON])
def test_words_can_be_read(word: str, surface: str, theme: str) -> None:
    assert contrast(word, surface, theme) >= 4.5


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("surface", SURFACES)
def test_the_edges_of_controls_can_be_seen(surface: str, theme: str) -> None:
    assert contrast("edge", surface, theme) >= 3
