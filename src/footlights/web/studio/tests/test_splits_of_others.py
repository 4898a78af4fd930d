"""Collections and memberships are shared as titles are, and a collaborator reads what each earned by its name."""

import pytest
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_collection, make_title
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.ledger.testing import make_journal
from footlights.monetization.api import buy_title
from footlights.monetization.testing import make_collection_offer, make_sale
from footlights.payments.testing import pay
from footlights.splits.api import SubjectKind, list_agreements, person_account
from footlights.splits.testing import agree, propose
from footlights.subscriptions.testing import make_plan
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator():
    return make_person("creator@example.org")


@pytest.fixture
def director():
    return make_person("director@example.org", display_name="Ida Lupino")


@pytest.fixture
def channel(creator):
    return make_channel(creator)


@pytest.fixture
def title(channel):
    return make_title(channel, name="Night Train")


@pytest.fixture
def season(channel, title):
    return make_collection(channel, title, make_title(channel))


@pytest.fixture(params=["collection", "plan"])
def subject(request, channel, season):
    """Its kind, its id, and its name."""
    if request.param == "collection":
        return SubjectKind.COLLECTION, season.id, "Season 1"
    plan = make_plan(channel)
    return SubjectKind.PLAN, plan.id, plan.name


def page(subject, verb: str = "", *more) -> str:
    return reverse(f"studio:split{verb}", args=[subject[0], subject[1], *more])


def test_it_is_proposed_and_withdrawn(client, creator, director, subject):
    sign_in_proven(client, creator)
    shown = client.get(page(subject)).content.decode()
    assert subject[2] in shown
    assert "All of it is the channel" in shown
    sent = {"email": [director.email], "percent": ["10"]}
    assert client.post(page(subject, "_proposed"), sent).status_code == 302
    [agreement] = list_agreements(subject[0], subject[1])
    assert "Ida Lupino" in client.get(page(subject)).content.decode()
    assert client.post(page(subject, "_proposed"), sent).status_code == 422
    assert client.post(page(subject, "_withdrawn", agreement.id)).status_code == 302
    assert "Withdrawn" in client.get(page(subject)).content.decode()


def test_to_a_stranger_there_is_nothing_to_share(client, creator, director, subject):
    owner_of_another = make_person()
    make_channel(owner_of_another)
    for person in (director, owner_of_another):
        sign_in_proven(client, person)
        assert client.get(page(subject)).status_code == 404
        assert client.post(page(subject, "_proposed"), {"email": ["a@b.example"], "percent": ["1"]}).status_code == 404
        assert client.post(page(subject, "_withdrawn", new_id())).status_code == 404
    assert not list_agreements(subject[0], subject[1])


def test_what_is_no_subject_has_no_page(client, creator, title):
    sign_in_proven(client, creator)
    for kind in ("title", "season", "collection"):
        assert client.get(reverse("studio:split", args=[kind, title.id])).status_code == 404


def test_the_pages_of_a_collection_and_of_memberships_lead_there(client, creator, subject):
    sign_in_proven(client, creator)
    where = reverse("studio:collection", args=[subject[1]]) if subject[0] == "collection" else "/studio/members"
    assert page(subject) in client.get(where).content.decode()


def test_a_collaborator_reads_what_each_earned_by_its_name(client, director, season, title):
    agree(title, (director, 5_000))
    agree(season, (director, 5_000), kind=SubjectKind.COLLECTION)
    make_sale(title, make_person(), Money(400, "EUR"))
    bought = buy_title(
        viewer_id=make_person().pk, offer_id=make_collection_offer(season).id, idempotency_key="k", at=now()
    )
    pay("paid", bought.hosted_url)
    sign_in_proven(client, director)
    shown = client.get(reverse("account:shares")).content.decode()
    for words in ("Night Train", "€1.80", "Season 1", "€4.50"):
        assert words in shown
    assert "Other" not in shown
    make_journal(person_account(director.id), about=f"plan:{new_id()}")
    make_journal(person_account(director.id))
    shown = client.get(reverse("account:shares")).content.decode()
    assert "Something that is gone" in shown
    assert "Other" in shown


def test_a_proposal_about_a_collection_is_read_by_its_name(client, director, season):
    agreement = propose(season, (director, 1_000), kind=SubjectKind.COLLECTION)
    sign_in_proven(client, director)
    assert "Season 1" in client.get(reverse("account:share", args=[agreement.id])).content.decode()
