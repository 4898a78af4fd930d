"""Administrators read the books in words, from the trial balance down to one journal, and take them along."""

import pytest
from django.urls import reverse

from footlights.accounts.api import Role
from footlights.accounts.testing import make_person
from footlights.audit.testing import recorded
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.ledger.api import get_journal, reverse_journal
from footlights.ledger.testing import make_journal
from footlights.web.account.testing import sign_in_proven
from footlights.web.backoffice.books_words import CAUSES, account_name, id_in, sentence_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    person = make_person("staff@example.org", is_staff=True)
    sign_in_proven(client, person)
    return person


@pytest.fixture
def title():
    return make_title(make_channel(make_person(), name="Lantern Films"), name="Night Train")


@pytest.fixture
def sale(title):
    return make_journal(f"creator:{title.channel_id}", about=f"title:{title.id}")


def page(client, name: str, *arguments, **query) -> str:
    answer = client.get(reverse(f"backoffice:{name}", args=arguments), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_trial_balance_leads_down_to_a_journal_in_words(client, staff, title, sale):
    books = page(client, "books")
    assert "In balance" in books
    assert "A title was sold" in books
    accounts = page(client, "books_accounts", "creator", "EUR")
    assert "Lantern Films" in accounts
    account = f"creator:{title.channel_id}"
    assert reverse("backoffice:books_account", args=[account, "EUR"]) in accounts
    statement = page(client, "books_account", account, "EUR")
    assert reverse("backoffice:books_journal", args=[sale]) in statement
    told = page(client, "books_journal", sale)
    for words in ("A title was sold", "Lantern Films", "Night Train", "Fees earned", "€3.60", "The whole story"):
        assert words in told


def test_a_journal_names_what_took_it_back(client, staff, sale):
    cause = get_journal(sale).cause
    back = reverse_journal(reversed_cause=cause, cause=f"{cause}:refunded:1", at=now(), amount=Money(100, "EUR"))
    assert "A buyer was given money back" in page(client, "books_journal", sale)
    assert "Takes back" in page(client, "books_journal", back)


def test_a_period_shows_only_its_own(client, staff, title, sale):
    account = f"creator:{title.channel_id}"
    assert "A title was sold" not in page(
        client, "books_account", account, "EUR", since="2020-01-01", until="2020-02-01"
    )
    for since, until in (("2999-01-01", "2020-01-01"), ("nonsense", "9999-12-31")):
        page(client, "books_account", account, "EUR", since=since, until=until)


def test_journals_are_found_by_the_id_of_what_caused_them(client, staff, sale):
    purchase_id = get_journal(sale).cause.split(":")[1]
    assert "A title was sold" in page(client, "books", q=purchase_id)
    assert "Nothing found" in page(client, "books", q="nonsense")
    assert page(client, "books_accounts", "gift", "EUR").count("No accounts") == 1
    assert client.get(reverse("backoffice:books_accounts", args=["gift", "XX"])).status_code == 404


def test_what_is_taken_along_is_whole_and_told_of(client, staff, sale):
    answer = client.post(reverse("backoffice:books_export"))
    taken = b"".join(answer.streaming_content).decode()
    assert "commodity 1000.00 EUR" in taken
    assert "gateway:sandbox  4.00 EUR" in taken
    assert [each.actor_id for each in recorded("books.exported")] == [staff.pk]


def test_support_has_no_business_in_the_books(client):
    sign_in_proven(client, make_person(roles=[Role.SUPPORT]))
    assert client.get(reverse("backoffice:books")).status_code == 404


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("purchase:1:paid", "A title was sold"),
        ("purchase:1:paid:refunded:2", "A buyer was given money back"),
        ("purchase:1:paid:refunded:2:undone", "Undone: the money did not arrive, and is back where it was"),
        ("dispute:1:lost", "The bank decided for the buyer"),
        ("payout:1:asked:undone", "Undone: the money did not arrive, and is back where it was"),
        ("something:else", "memo"),
    ],
)
def test_a_cause_says_what_happened(cause: str, words: str):
    assert sentence_of(cause, "memo") == words
    assert len({each.pattern for each, _ in CAUSES}) == len(CAUSES)


def test_an_account_is_called_by_whose_it_is():
    assert account_name("gateway:sandbox", {}) == "Held by the payment service: sandbox"
    found = id_in("creator:01a218b5-d4aa-7584-923f-530a7768c2ff")
    assert found
    assert account_name(f"creator:{found}", {found: "Lantern"}) == "Lantern"
    assert account_name(f"creator:{found}", {}) == "Earned by channels"
    assert sentence_of("odd") == "odd"
