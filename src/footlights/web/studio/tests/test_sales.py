"""Sales, each with its story; and who may give one back, with what proof."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from footlights.accounts.api import Role
from footlights.accounts.testing import make_person, use_app
from footlights.audit.testing import recorded
from footlights.catalog.testing import join_team, make_title
from footlights.giving.api import redeem_gift
from footlights.giving.testing import make_gift, make_tip
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.monetization.api import buy_title, get_sale, may_watch
from footlights.monetization.testing import make_offer
from footlights.payments.testing import pay
from footlights.subscriptions.models import InvoiceRow
from footlights.subscriptions.operations.earn import earn_due
from footlights.subscriptions.testing import begin, make_plan
from footlights.terms.api import NewTerm, Term, set_terms
from footlights.web.account.testing import sign_in_proven

PARTS = ("kinds", "countries", "sources")
pytestmark = pytest.mark.django_db


@pytest.fixture
def title(channel):
    return make_title(channel, name="A quiet evening")


@pytest.fixture
def sold(title):
    offer = make_offer(title, "buy", Money(1_500, "EUR"))
    purchase = buy_title(viewer_id=make_person().pk, offer_id=offer.id, idempotency_key="k", at=now())
    pay("paid", purchase.hosted_url)
    return purchase


def member(channel, role, *, proven_s_ago=0) -> Client:
    mate = make_person()
    join_team(channel, mate, role)
    use_app(mate)
    return sign_in_proven(Client(), mate, proven_s_ago=proven_s_ago)


def state_of(purchase) -> str:
    return get_sale(channel_id=purchase.channel_id, purchase_id=purchase.id).state


def refund(client, purchase, **more):
    return client.post(reverse("studio:sale_refund", args=[purchase.id]), **more)


def test_finance_finds_a_sale_and_gives_it_back_once(channel, title, sold):
    client = member(channel, Role.FINANCE)
    page = reverse("studio:sale", args=[sold.id])
    assert page in client.get(reverse("studio:sales")).content.decode()
    assert page in client.get(reverse("studio:money")).content.decode()
    html = client.get(page).content.decode()
    assert all(words in html for words in ("€15.00", "€13.50", "Give €15.00 back?"))
    for _twice in range(2):
        answer = refund(client, sold, follow=True)
    run_jobs(only="monetization")
    assert "The money is on its way back" in answer.content.decode()
    assert state_of(sold) == "refunded"
    assert not may_watch(sold.viewer_id, title.id, now()).allowed
    assert len(recorded("refund.asked")) == 1
    html = client.get(page).content.decode()
    assert "Given back to the viewer" in html
    assert 'id="refund"' not in html


@pytest.mark.parametrize(("limit_minor", "is_asked"), [(None, True), (1_499, True), (1_500, False)])
def test_a_proof_is_asked_above_the_amount_that_is_decided(channel, sold, limit_minor, is_asked):
    if limit_minor is not None:
        change = NewTerm(term=Term.REFUND_PROOF_MINOR, value=limit_minor, currency="EUR")
        set_terms(changes=[change], by_id=make_person().pk, at=now())
    answer = refund(member(channel, Role.FINANCE, proven_s_ago=601), sold)
    assert ("reauthenticate" in answer.headers["Location"]) == is_asked
    assert (state_of(sold) == "refunded") != is_asked


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ANALYST, Role.MODERATOR])
def test_who_minds_no_money_neither_sees_nor_gives_back_a_sale(channel, sold, role):
    client = member(channel, role)
    for name, args in (("sales", []), ("sale", [sold.id])):
        assert client.get(reverse(f"studio:{name}", args=args)).status_code == 404
    assert refund(client, sold).status_code == 404
    assert state_of(sold) == "paid"


def test_a_strangers_channel_and_what_is_no_sale_are_not_found(as_stranger, stranger, channel, sold):
    sign_in_proven(as_stranger, stranger)
    assert as_stranger.get(reverse("studio:sale", args=[sold.id])).status_code == 404
    assert refund(as_stranger, sold).status_code == 404
    open_still = buy_title(
        viewer_id=make_person().pk,
        offer_id=make_offer(make_title(channel), "buy").id,
        idempotency_key="k",
        at=now(),
    )
    assert refund(member(channel, Role.FINANCE), open_still).status_code == 404
    assert state_of(sold) == "paid"


def test_without_sales_the_page_says_so(as_stranger):
    assert "No sales yet" in as_stranger.get(reverse("studio:sales")).content.decode()


def test_a_part_goes_back_once_and_the_viewer_keeps_it(channel, title, sold):
    client = member(channel, Role.FINANCE)
    for _ in range(2):
        client.post(reverse("studio:sale_refund", args=[sold.id]), {"amount": "5", "key": "one form"})
    sale = get_sale(channel_id=channel.id, purchase_id=sold.id)
    assert (sale.refunded, sale.state, sale.left) == (Money(500, "EUR"), "paid", Money(900, "EUR"))
    assert may_watch(sold.viewer_id, title.id, now()).allowed
    page = client.get(reverse("studio:sale", args=[sold.id])).content.decode()
    assert "Give €10.00 back?" in page
    wrong = client.post(reverse("studio:sale_refund", args=[sold.id]), {"amount": "lots", "key": "x"}, follow=True)
    assert "is not an amount" in wrong.content.decode()


def test_money_says_what_sold_where_and_how_and_what_waits_for_what(channel, title, sold):
    member_since = begin(make_person(), make_plan(channel)).period_start - timedelta(days=3)
    InvoiceRow.objects.update(period_start=member_since, earns_at=member_since + timedelta(days=1))
    earn_due(at=now())
    html = member(channel, Role.FINANCE).get(reverse("studio:money")).content.decode()
    kinds, countries, sources = (html.partition(f'id="by-{part}"')[2].partition("</section>")[0] for part in PARTS)
    assert all(words in kinds for words in ("Bought", "€15.00", "€13.50", "Memberships"))
    assert "Not known" in countries
    assert "Directly, or from the front page" in sources
    assert all(words in html for words in ("Can be paid out now", "Pending: earned in the last", "cannot be told yet"))


def test_by_title_stands_with_its_sales_what_was_given_and_tipped(as_creator, channel, sold, title):
    gift = make_gift(make_offer(title, "rent", Money(500, "EUR")), make_person())
    redeem_gift(code=gift.code, viewer_id=make_person().pk, at=now())
    make_tip(channel, make_person(), title_id=title.id)
    make_tip(channel, make_person())
    shown = as_creator.get(reverse("studio:money")).content.decode()
    table = shown.partition("Earned by title")[2].partition("</table>")[0]
    cells = re.findall(r"<td[^>]*>(?:<strong>)?([^<]*)", table)
    assert cells == ["1", "1", "1", "€25.00", "€22.50", "0", "0", "1", "€5.00", "€4.50"]
    assert "The channel itself" in table
