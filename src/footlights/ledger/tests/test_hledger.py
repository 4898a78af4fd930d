"""Another program reads our books and finds them sound."""

import shutil
import subprocess
from datetime import UTC, datetime

import pytest

from footlights.kernel.money import Money
from footlights.ledger.api import Posting, export_lines, post_journal, reverse_journal

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)


def hledger(*arguments: str, journal: str) -> str:
    program = shutil.which("hledger")
    assert program, "This test needs hledger. Install it: apt install hledger"
    done = subprocess.run(
        [program, "-f", "-", *arguments], input=journal, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def books() -> str:
    def sell(cause: str, currency: str, gross: int, fee: int, **words: str) -> None:
        postings = [
            Posting("gateway:sandbox", Money(gross, currency)),
            Posting("platform:fees", Money(-fee, currency)),
            Posting("creator:c1", Money(fee - gross, currency)),
        ]
        post_journal(cause=cause, postings=postings, at=AT, **words)

    sell("purchase:1:paid", "EUR", 400, 40, memo="buy; with | odd (signs)\n", about="title:t1")
    sell("purchase:2:paid", "JPY", 1_500, 150)
    sell("purchase:3:paid", "KWD", 1_234_567, 7)
    reverse_journal(reversed_cause="purchase:1:paid", cause="purchase:1:back", at=AT, amount=Money(133, "EUR"))
    exchange = [("gateway:eur", 92, "EUR"), ("platform:exchange", -92, "EUR"), ("platform:exchange", 100, "USD")]
    lines = [*exchange, ("creator:c1", -100, "USD")]
    post_journal(
        cause="conversion:1",
        postings=[Posting(name, Money(amount, currency)) for name, amount, currency in lines],
        at=AT,
    )
    return "".join(export_lines())


def test_hledger_finds_nothing_wrong(books: str) -> None:
    hledger("check", "--strict", journal=books)
    hledger("check", "ordereddates", "commodities", "accounts", journal=books)


def test_a_journal_that_was_altered_is_found(books: str) -> None:
    with pytest.raises(AssertionError, match=r"(?i)unbalanced|balance"):
        hledger("check", "--strict", journal=books.replace("4.00 EUR", "4.01 EUR", 1))


def test_hledger_counts_what_we_count(books: str) -> None:
    balance = hledger("balance", "--no-total", "-O", "csv", "gateway", journal=books)
    assert '"2.67 EUR, 1500 JPY, 1234.567 KWD"' in balance.replace("1500. JPY", "1500 JPY").replace("1,", "1")
    assert hledger("balance", "type:R", "-N", journal=books).count("platform:fees") == 1


def test_every_currency_has_the_digits_of_the_standard(books: str) -> None:
    assert "commodity 1000.00 EUR\n" in books
    assert "commodity 1000. JPY\n" in books
    assert "commodity 1000.000 KWD\n" in books


def test_empty_books_are_sound_too() -> None:
    hledger("check", "--strict", journal="".join(export_lines()))
