"""A buyer gives back what they bought: what they see, and that nobody else can."""

import pytest

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.monetization.api import PurchaseState, get_purchase
from footlights.monetization.testing import make_sale
from footlights.playback.models import WatchProgress
from footlights.terms.api import NewTerm, Term, set_terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(client):
    person = make_person()
    client.force_login(person)
    return person


@pytest.fixture
def sale(viewer):
    set_terms(changes=[NewTerm(term=Term.REFUND_WITHIN_DAYS, value=14)], by_id=viewer.id, at=now())
    return make_sale(make_title(make_channel(make_person()), name="The Lamplighter"), viewer)


def text(answer) -> str:
    return answer.content.decode()


def test_it_says_what_goes_back_and_gives_it(client, viewer, sale) -> None:
    page = text(client.get(f"/checkout/{sale.id}/refund"))
    assert "All of €4.00 goes back" in page
    answer = client.post(f"/checkout/{sale.id}/refund")
    assert answer["Location"].endswith(f"/{sale.id}")
    assert get_purchase(sale.id, viewer.id).state is PurchaseState.REFUNDED
    assert "Your money went back" in text(client.get(f"/checkout/{sale.id}/refund"))


@pytest.mark.parametrize("finished", [True, False])
def test_what_was_watched_is_kept_and_said(client, viewer, sale, finished) -> None:
    WatchProgress.objects.create(
        viewer_id=viewer.id, title_id=sale.title_id, position_ms=900, duration_ms=1000, finished=finished, at=now()
    )
    page = text(client.get(f"/checkout/{sale.id}/refund"))
    assert f"You have watched {100 if finished else 90} %" in page
    assert '<form method="post" action="/checkout' not in page
    assert "You have watched" in text(client.post(f"/checkout/{sale.id}/refund", follow=True))
    assert get_purchase(sale.id, viewer.id).state is PurchaseState.PAID


def test_a_strangers_purchase_is_not_there(client, sale) -> None:
    client.force_login(make_person())
    assert client.get(f"/checkout/{sale.id}/refund").status_code == 404
    assert client.post(f"/checkout/{sale.id}/refund").status_code == 404
