"""Who may withdraw agrees to watch at once before they pay; what they read is kept with the payment, and shown to banks."""

import pytest
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.monetization.testing import make_offer
from footlights.payments.api import list_payment_events, list_payments, note_consent
from footlights.payments.testing import make_dispute
from footlights.subscriptions.testing import make_plan
from footlights.web.backoffice.dispute_evidence import assemble_evidence
from footlights.web.checkout.tests.test_where import sent

pytestmark = pytest.mark.django_db
AT_ONCE = "my right to withdraw within 14 days ends"


@pytest.fixture(params=["title", "membership"])
def till(request, client) -> str:
    client.force_login(make_person())
    channel = make_channel(make_person())
    if request.param == "membership":
        return reverse("memberships:join", args=[channel.handle, make_plan(channel).terms[0].id])
    title = make_title(channel)
    return reverse("checkout:offer", args=[title.channel_handle, title.slug, make_offer(title).id])


def agreed() -> list[str]:
    [payment] = list_payments()
    return [each.detail for each in list_payment_events(payment.id) if each.name == "agreed"]


def test_a_european_ticks_it_and_the_words_are_in_the_story_and_the_evidence(client, till) -> None:
    assert AT_ONCE in client.get(till, {"country": "DE"}).content.decode()
    refused = sent(client, till, country="DE")
    assert (refused.status_code, "Nothing was charged" in refused.content.decode()) == (200, True)
    assert not list_payments()
    for _ in range(2):
        assert sent(client, till, country="DE", at_once="on").status_code == 303
    [words] = agreed()
    assert AT_ONCE in words
    assert "Pay" in words
    [payment] = list_payments()
    evidence = assemble_evidence(make_dispute(payment.id))
    assert words in evidence
    assert "The whole price stood" not in evidence, "what was kept is told, not what follows from it"


def test_elsewhere_nobody_is_asked_and_the_click_is_kept(client, till) -> None:
    assert AT_ONCE not in client.get(till, {"country": "US"}).content.decode()
    assert sent(client, till, country="US").status_code == 303
    [words] = agreed()
    assert AT_ONCE not in words


def test_what_costs_nothing_asks_for_nothing(client, db) -> None:
    client.force_login(make_person())
    title = make_title(make_channel(make_person()))
    till = reverse("checkout:offer", args=[title.channel_handle, title.slug, make_offer(title, "free").id])
    assert AT_ONCE not in client.get(till, {"country": "DE"}).content.decode()
    assert sent(client, till, country="DE").status_code == 303
    note_consent(reference="purchase:nobody", words="Agreed", at=now())
    assert not list_payments()
