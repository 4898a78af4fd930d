import pytest
from django.core.exceptions import ValidationError

from footlights.accounts.password_words import KnownWordsValidator
from footlights.accounts.records import Installation


@pytest.fixture(autouse=True)
def _nova(monkeypatch: pytest.MonkeyPatch) -> None:
    nova = Installation(name="Cinema Nova", currency="EUR")
    monkeypatch.setattr("footlights.accounts.password_words.get_installation", lambda: nova)


@pytest.mark.parametrize(
    "password", ["cinemanova2026!", "Footlights123", "CinemaAdmin99", "films-films-films", "nova 2026 nova"]
)
def test_words_that_everybody_here_knows_make_no_password(password: str) -> None:
    with pytest.raises(ValidationError):
        KnownWordsValidator().validate(password)


@pytest.mark.parametrize(
    "password", ["correct horse battery", "my cinema has no roof", "footlights over the pier", "x" * 64]
)
def test_a_sentence_may_hold_them(password: str) -> None:
    KnownWordsValidator().validate(password)
