"""The trail and the two activity pages in a real browser: readable by anybody, on a phone and on a desk."""

import pytest
from django.db import transaction
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.audit.api import Act, Origin, acting, record
from footlights.catalog.testing import make_channel, make_title

pytestmark = [pytest.mark.browser, pytest.mark.service]


@pytest.fixture
def creator(service):
    """Somebody who is an administrator too, whose channel sold something after its price changed."""
    creator = make_person(display_name="Ada Lovelace", is_staff=True)
    title = make_title(make_channel(creator), name="The Lighthouse at the End of a Very Long Name")
    with transaction.atomic(), acting(Origin(person=lambda: creator.pk, address="2001:db8:85a3::8a2e:370:7334")):
        record(act=Act.SESSION_STARTED, object_kind="person", object_id=creator.pk, after={"method": "password"})
        for before, after in (([], ["rent 4.00 EUR"]), (["rent 4.00 EUR"], ["buy 12.00 EUR", "rent 5.50 EUR"])):
            record(
                act=Act.PRICE_CHANGED, object_kind="title", object_id=title.id, channel_id=title.channel_id,
                before={"offers": before}, after={"offers": after},
            )  # fmt: skip
        told = {"title_id": title.id, "price": "rent 5.50 EUR"}
        record(
            act=Act.PURCHASE_PAID, object_kind="purchase", object_id="p", actor_id=None, channel_id=title.channel_id,
            after=told,
        )  # fmt: skip
    return creator


def test_nothing_stands_in_the_way_of_who_reads_what_happened(visit, creator, barriers):
    stranger = make_person()
    make_channel(stranger)
    for person, names in (
        (creator, ("backoffice:trail", "studio:activity", "account:activity")),
        (stranger, ("studio:activity", "account:activity")),
    ):
        visitor = visit(person)
        page = visitor.context.new_page()
        for name in names:
            page.goto(f"{visitor.url}{reverse(name)}")
            assert barriers(page) == [], name
