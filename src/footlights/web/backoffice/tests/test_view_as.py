"""Support sees a title's page as others do, acts for nobody, and is seen doing so."""

import pytest
from django.test import Client
from django.urls import reverse

from footlights.accounts.api import Role
from footlights.accounts.testing import make_person
from footlights.audit.testing import recorded
from footlights.catalog.testing import make_channel, make_title
from footlights.monetization.testing import make_offer
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db


@pytest.fixture
def title():
    title = make_title(make_channel(make_person()), name="Night Train")
    make_offer(title)
    return title


@pytest.fixture
def as_support():
    return sign_in_proven(Client(), make_person(roles=[Role.SUPPORT]))


@pytest.mark.parametrize(
    ("who", "says"),
    [("visitor", "Buy for €4.00"), ("member", "Yours for ever"), ("expired", "Rental over")],
)
def test_the_page_says_what_such_a_person_reads_and_nothing_can_be_pressed(as_support, title, who, says):
    html = as_support.get(reverse("backoffice:title_as", args=[title.id, who])).content.decode()
    banner, _inert, page = html.partition("<div inert>")
    assert says in page
    assert "You see this as" in banner
    assert reverse("backoffice:title", args=[title.id]) in banner
    assert "<form" not in banner
    told = recorded()[-1]
    assert (told.act, told.object_id, told.after["as"]) == ("title.viewed_as", str(title.id), who)


def test_the_address_takes_no_form_and_nothing_of_it_stays(as_support, title):
    address = reverse("backoffice:title_as", args=[title.id, "member"])
    before = dict(as_support.session)
    as_support.get(address)
    assert as_support.post(address).status_code == 405
    assert dict(as_support.session) == before
    assert "Buy for €4.00" in as_support.get(title.path).content.decode()  # they themselves hold nothing


def test_what_is_not_out_is_not_there_for_them_either(as_support, title):
    draft = make_title(make_channel(make_person()), state="draft", name="Secret Draft")
    html = as_support.get(reverse("backoffice:title_as", args=[draft.id, "visitor"])).content.decode()
    assert "not there at all" in html
    assert as_support.get(reverse("backoffice:title_as", args=[title.id, "owner"])).status_code == 404
