import pytest
from allauth.mfa.totp.internal import auth


@pytest.fixture(autouse=True)
def _codes_stay_the_same(monkeypatch):
    """An app's code is another each half minute: perhaps between where a test reads it and where it is looked at."""
    counters = list(auth.yield_hotp_counters_from_time())
    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: iter(counters))
