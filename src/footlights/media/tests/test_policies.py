from fractions import Fraction

import pytest

from footlights.media.policies import steady_rate


@pytest.mark.parametrize(
    ("average", "steady"),
    [
        (None, 30),
        (Fraction(0), 30),
        (Fraction(-1), 30),
        (Fraction(2997, 100), Fraction(30000, 1001)),
        (Fraction(24), 24),
        (Fraction(24000, 1001), Fraction(24000, 1001)),
        (Fraction(30), 30),
        (Fraction(60), 60),
        (Fraction(27), Fraction(30000, 1001)),
        (Fraction(240), 60),
    ],
)
def test_a_varying_rate_becomes_the_next_standard_one(average, steady) -> None:
    assert steady_rate(average) == steady
