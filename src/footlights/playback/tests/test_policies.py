import pytest

from footlights.kernel.errors import InvalidInputError
from footlights.playback.policies import (
    clean_domains,
    credits_at_ms,
    device_name,
    resume_point_ms,
    view_threshold_ms,
)

MINUTE_MS = 60_000


@pytest.mark.parametrize(
    ("duration_ms", "threshold_ms"),
    [
        (0, 3_000),
        (5_000, 3_000),
        (30_000, 3_000),
        (100_000, 10_000),
        (5 * MINUTE_MS, 30_000),
        (120 * MINUTE_MS, 30_000),
    ],
)
def test_a_view_needs_a_tenth_but_three_to_thirty_seconds(duration_ms, threshold_ms):
    assert view_threshold_ms(duration_ms) == threshold_ms


def test_one_goes_on_where_one_was():
    assert resume_point_ms(40 * MINUTE_MS, 90 * MINUTE_MS) == 40 * MINUTE_MS


def test_nobody_resumes_after_a_few_seconds_or_in_the_credits():
    assert resume_point_ms(4_999, 90 * MINUTE_MS) == 0
    assert resume_point_ms(89 * MINUTE_MS, 90 * MINUTE_MS) == 0


def test_the_credits_of_something_short_are_its_last_three_seconds_at_least():
    assert credits_at_ms(30_000) == 27_000
    assert credits_at_ms(2_000) == 0
    assert credits_at_ms(100 * MINUTE_MS) == 95 * MINUTE_MS


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
            "Chrome on Linux",
        ),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari on Mac"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140.0 Mobile Safari/604.1", "Chrome on iPhone"),
        ("curl/8", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_device_is_called_what_its_owner_calls_it(agent, name):
    assert device_name(agent) == name


def test_domains_are_cleaned_of_what_people_paste():
    pasted = ["https://www.Example.org/films?x=1", "example.org", "  blog.example.net:443 ", "", "müller.example"]
    assert clean_domains(pasted) == ("example.org", "blog.example.net", "xn--mller-kva.example")


@pytest.mark.parametrize(
    "written", ["*", "localhost", "'self'", "example.org;script-src *", "a b.org", "-x.org", "x" * 300 + ".org"]
)
def test_what_is_no_domain_is_refused_for_the_form(written):
    with pytest.raises(InvalidInputError) as refused:
        clean_domains([written])
    assert refused.value.field == "domains"


def test_a_hundred_domains_are_enough():
    with pytest.raises(InvalidInputError):
        clean_domains([f"site{number}.example" for number in range(101)])
