"""Payees' pages, in the studio and in the account, and the house's own."""

from datetime import date, timedelta
from unittest import mock

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from footlights.accounts.api import Role
from footlights.accounts.testing import make_person, use_app
from footlights.catalog.testing import join_team, make_channel
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.kernel.shared import forget_everything
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import Posting, balance_of, post_journal
from footlights.payments.api import GatewayUnreachableError, sandbox
from footlights.payments.testing import choose_bank
from footlights.payouts import api
from footlights.payouts.models import HoldRow, PayoutRow
from footlights.payouts.testing import earn, make_destination, make_hold, make_waiting_payout
from footlights.prices.testing import know_rates
from footlights.web.account.testing import sign_in_proven
from footlights.web.payouts.statement_pdf import content_of, months_until

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator():
    return make_person("creator@example.org")


@pytest.fixture
def channel(creator):
    return make_channel(creator)


@pytest.fixture
def account(channel):
    earn(channel.id, Money(9_000, "EUR"), at=now() - timedelta(days=30))
    earn(channel.id, Money(1_000, "EUR"), at=now() - timedelta(days=1))
    return api.creator_account(channel.id)


@pytest.fixture
def as_creator(creator):
    return sign_in_proven(Client(), creator)


@pytest.fixture
def as_staff():
    return sign_in_proven(Client(), make_person(is_staff=True))


def page(client, name="studio:payouts", **args) -> str:
    answer = client.get(reverse(name, **args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_creator_sees_what_may_go_and_what_the_rest_waits_for(as_creator, account):
    html = page(as_creator)
    for words in ("€90.00", "€10.00", "€100.00", "Earned in the last 7 days", "Say where your money goes"):
        assert words in html
    assert "Send €90.00 now" not in html  # to where?


@pytest.mark.parametrize("name", ["studio:payouts", "account:payouts"])
def test_a_page_costs_twelve_questions_and_one_for_each_further_currency(
    as_creator, creator, account, name, django_assert_max_num_queries
):
    make_destination(account)
    for currencies in (0, 1):
        forget_everything()
        with django_assert_max_num_queries(12 + currencies):
            page(as_creator, name)
        for each in (account, api.person_account(creator.pk)):
            for currency in ("CHF", "EUR"):
                parts = [Posting(each, Money(-500, currency)), Posting("gateway:sandbox", Money(500, currency))]
                post_journal(cause=f"{each}:{currency}", postings=parts, at=now() - timedelta(days=30))


def test_who_never_earned_anything_is_told_the_first_step(as_creator, channel):
    html = page(as_creator)
    assert "€0.00" in html
    assert "Say first where your money shall go" in html


def test_naming_a_bank_leads_there_and_back_and_is_told_by_mail(as_creator, account, creator):
    answer = as_creator.post(reverse("studio:payout_destination"))
    assert "/sandbox-gateway/payouts/" in answer.headers["Location"]
    choose_bank("pays", answer.headers["Location"])
    run_jobs()
    html = page(as_creator)
    assert "•••• 0001" in html
    assert "Until then nothing leaves" in html
    [letter] = [each for each in mail.outbox if each.to == [creator.email]]
    assert "If this was not you" in letter.body


def test_whoever_comes_back_from_naming_a_bank_is_told_at_once(as_creator, account):
    where, back = reverse("studio:payouts"), {"back": "1"}
    assert as_creator.get(where, back).status_code == 302, "nothing was asked for"
    hosted = as_creator.post(reverse("studio:payout_destination")).headers["Location"]
    with mock.patch("footlights.payments.adapters.sandbox.gateway.SandboxGateway.fetch_account") as silent:
        silent.side_effect = GatewayUnreachableError("no")
        html = as_creator.get(where, back, follow=True).content.decode()
        assert ("knows your bank account" in html, "As soon as the payment service tells" in html) == (False, True)
    sandbox.choose_bank(hosted.rpartition("/")[2], bank="pays", at=now())  # and no webhook arrives
    html = as_creator.get(where, back, follow=True).content.decode()
    assert ("knows your bank account" in html, "•••• 0001" in html, "Nowhere yet" in html) == (True, True, False)
    run_jobs(only="payouts")  # the event says the same, later
    assert page(as_creator).count("•••• 0001") == 1


def test_what_was_asked_for_and_has_not_arrived_is_on_its_way(as_creator, account):
    make_destination(account)
    assert "On its way to your bank" not in page(as_creator)
    as_creator.post(reverse("studio:payouts_asked"), {"currency": "EUR"})
    html = page(as_creator).partition("Payouts so far")[0]
    assert ("On its way to your bank" in html, "€90.00" in html) == (True, True)


def test_statements_are_offered_from_the_month_one_came_in():
    assert [month for month, _words in months_until(date(2027, 2, 3), since=date(2026, 11, 30))] == [
        "2027-02",
        "2027-01",
        "2026-12",
        "2026-11",
    ]
    assert len(months_until(date(2027, 2, 3), since=date(2020, 1, 1))) == 13


def test_a_click_sends_it_and_a_second_says_that_it_was_asked(as_creator, account):
    make_destination(account)
    assert "Send €90.00 now" in page(as_creator)
    for words in ("It is on its way.", "A payout was asked for already."):
        as_creator.post(reverse("studio:payouts_asked"), {"currency": "EUR"})
        assert words in page(as_creator)
    assert PayoutRow.objects.count() == 1


def test_asking_and_changing_need_a_proof(creator, account):
    make_destination(account)
    client = sign_in_proven(Client(), creator, proven_s_ago=601)
    for name in ("studio:payouts_asked", "studio:payout_destination"):
        assert "reauthenticate" in client.post(reverse(name), {"currency": "EUR"}).headers["Location"]
    assert not PayoutRow.objects.exists()


def test_finance_looks_and_only_the_creator_sends(channel, account):
    make_destination(account)
    member = make_person()
    join_team(channel, member, Role.FINANCE)
    use_app(member)
    client = sign_in_proven(Client(), member)
    html = page(client)
    assert "€90.00" in html
    assert "Send €90.00 now" not in html
    assert client.post(reverse("studio:payouts_asked"), {"currency": "EUR"}).status_code == 404


def test_a_statement_lists_every_posting_as_the_payee_counts(as_creator, account):
    answer = as_creator.get(reverse("studio:payout_statement"), {"currency": "EUR"})
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert [line.rsplit(",", 1)[1] for line in lines[1:]] == ["10.00", "90.00"]
    assert as_creator.get(reverse("studio:payout_statement"), {"currency": "Euro"}).status_code == 404


def test_a_person_with_shares_has_the_same_page_of_their_own(creator):
    shares = [
        Posting(api.person_account(creator.pk), Money(-300, "EUR")),
        Posting("gateway:sandbox", Money(300, "EUR")),
    ]
    post_journal(cause="share", postings=shares, at=now() - timedelta(days=20))
    assert "€3.00" in page(sign_in_proven(Client(), creator), "account:payouts")
    assert "€3.00" not in page(sign_in_proven(Client(), make_person()), "account:payouts")


def test_the_house_says_yes_or_no_to_a_large_one(as_staff, channel):
    payout = make_waiting_payout(channel.id)
    assert "1 waits for a second person" in page(as_staff, "backoffice:payouts")
    assert "Approve it" in page(as_staff, "backoffice:payout", args=[payout.pk])
    as_staff.post(reverse("backoffice:payout_refuse", args=[payout.pk]), {"reason": ""})
    assert "Say why" in page(as_staff, "backoffice:payout", args=[payout.pk])
    as_staff.post(reverse("backoffice:payout_refuse", args=[payout.pk]), {"reason": "Whose bank is this?"})
    html = page(as_staff, "backoffice:payout", args=[payout.pk])
    assert "Whose bank is this?" in html
    assert "Approve it" not in html


def test_the_house_approves_and_is_told_when_it_may_not(as_staff, channel, creator):
    payout = make_waiting_payout(channel.id)
    creator.roles = [Role.ADMINISTRATOR]
    creator.save(update_fields=["roles"])
    use_app(creator)
    as_owner = sign_in_proven(Client(), creator)
    as_owner.post(reverse("backoffice:payout_approve", args=[payout.pk]))
    assert "Somebody else has to decide" in page(as_owner, "backoffice:payout", args=[payout.pk])
    as_staff.post(reverse("backoffice:payout_approve", args=[payout.pk]))
    assert PayoutRow.objects.get().state == "asked"


def test_a_hold_is_released_by_hand(as_staff, channel):
    hold = make_hold(channel.id)
    assert "A payment is disputed" in page(as_staff, "backoffice:payouts")
    as_staff.post(reverse("backoffice:payout_hold_release", args=[hold.pk]))
    assert HoldRow.objects.get().released_at


def test_a_creator_converts_what_they_earned_abroad(as_creator, channel, account):
    know_rates()
    earn(channel.id, Money(16_000, "JPY"), at=now() - timedelta(days=30))
    where = reverse("studio:payouts_converted")
    assert f"{where}?currency=JPY" in page(as_creator)
    html = as_creator.get(where, {"currency": "JPY"}).content.decode()
    for words in ("€100.00", "¥16,000", "1 JPY = 0.006250 EUR"):
        assert words in html
    key = html.split('name="key" value="')[1].split('"')[0]
    sent = {"currency": "JPY", "to": "EUR", "key": key, "shown": "10000 EUR"}
    assert as_creator.post(where, sent | {"shown": "9999 EUR"}, follow=True).status_code == 200
    assert as_creator.post(where, sent | {"shown": "nonsense"})["Location"] == where
    assert api.standing_of(account, "EUR", now()).available == Money(9_000, "EUR")
    for _twice in range(2):
        assert as_creator.post(where, sent)["Location"] == reverse("studio:payouts")
    assert api.standing_of(account, "EUR", now()).available == Money(19_000, "EUR")
    assert "Nothing is available" in as_creator.get(where, {"currency": "JPY"}).content.decode()


def test_a_person_converts_their_shares_and_a_stranger_nothing(account):
    collaborator = make_person()
    client = sign_in_proven(Client(), collaborator)
    assert "nothing to convert" in client.get(reverse("account:payouts_converted")).content.decode()
    assert client.get(reverse("studio:payouts_converted")).status_code in {302, 404}
    sent = {"currency": "EUR", "to": "USD", "key": "0197c0de-0000-7000-8000-000000000001", "shown": "9900 USD"}
    assert client.post(reverse("account:payouts_converted"), sent).status_code == 200
    assert api.standing_of(account, "EUR", now()).available == Money(9_000, "EUR")


def test_a_month_comes_as_a_pdf_that_says_what_the_books_say(as_creator, account, channel):
    earn(channel.id, Money(1_234, "EUR"), at=now())
    page = as_creator.get(reverse("studio:payouts")).content.decode()
    assert "Statement as PDF" in page
    answer = as_creator.get(reverse("studio:payout_statement"), {"currency": "EUR", "month": f"{now():%Y-%m}"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    told = content_of(account, "EUR", now().date(), now().date())
    assert [(line["what"], line["count"], line["amount"]) for line in told["lines"]] == [
        ("Films and collections", "1", "€12.34")
    ]
    assert told["total"] == ["Balance after", (-balance_of(account, "EUR")).format()]
    assert told["sums"][0] == ["Balance before", (-balance_of(account, "EUR") - Money(1_234, "EUR")).format()]
    for month in ("2026-13", "never", f"{now() + timedelta(days=40):%Y-%m}"):
        assert (
            as_creator.get(reverse("studio:payout_statement"), {"currency": "EUR", "month": month}).status_code == 404
        )
