"""What was sold, told apart by kind, country and source; and that a purchase says where it came from."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from footlights.accounts.testing import make_person
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.monetization.api import Choice, Facet, Source, buy_title, earnings_by, refund_purchase
from footlights.monetization.models import PurchaseRow
from footlights.monetization.testing import make_offer
from footlights.payments.testing import pay
from footlights.taxes.api import Evidence

pytestmark = pytest.mark.django_db


def sell(offer, source=Source.DIRECT, country=""):
    choice = Choice(evidence=Evidence(billing=country), source=source)
    bought = buy_title(
        viewer_id=make_person().pk, offer_id=offer.id, idempotency_key=f"{source}{country}", at=now(), choice=choice
    )
    pay("paid", bought.hosted_url)
    return bought


def test_sales_are_told_apart_and_what_went_back_whole_counts_nowhere(creator, title):
    buy, rent = make_offer(title, "buy", Money(1_000, "EUR")), make_offer(title, "rent")
    sell(buy, Source.SEARCH, "DE")
    sell(rent, Source.SEARCH, "FR")
    sell(rent, Source.EMBED)
    returned = sell(rent, Source.LINK, "FR")
    refund_purchase(purchase_id=returned.id, by_id=creator.id, idempotency_key="back", at=now())

    def by(facet, since=None):
        since = since or now() - timedelta(days=1)
        parts = earnings_by(channel_id=title.channel_id, currency="EUR", since=since)[facet]
        return [(part.key, part.sales, part.gross.amount_minor, part.net.amount_minor) for part in parts]

    assert by(Facet.KIND) == [("buy", 1, 1_000, 900), ("rent", 2, 800, 720)]
    assert by(Facet.SOURCE) == [("search", 2, 1_400, 1_260), ("embed", 1, 400, 360)]
    assert by(Facet.COUNTRY) == [("DE", 1, 1_000, 900), ("", 1, 400, 360), ("FR", 1, 400, 360)]
    assert by(Facet.KIND, now() + timedelta(days=1)) == []


def test_no_other_word_is_kept_as_a_source(title):
    bought = sell(make_offer(title, "rent"))
    with pytest.raises(IntegrityError), transaction.atomic():
        PurchaseRow.objects.filter(pk=bought.id).update(source="moon")
    assert bought.price == Money(400, "EUR")
