"""A creator proposes who shares in a title; the others read, sign or decline; each sees what came in."""

import pytest
from django.core import mail
from django.urls import reverse

from footlights.accounts.api import Role
from footlights.accounts.testing import make_person
from footlights.catalog.testing import join_team, make_channel, make_title
from footlights.kernel.clock import now
from footlights.ledger.testing import make_journal
from footlights.splits.api import SubjectKind, list_agreements, person_account, shares_of
from footlights.splits.testing import propose
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator():
    return make_person("creator@example.org")


@pytest.fixture
def director():
    return make_person("director@example.org", display_name="Ida Lupino")


@pytest.fixture
def title(creator):
    return make_title(make_channel(creator, name="Lantern Films"), name="Night Train")


def ask(client, title, *rows: tuple[str, str], **more):
    sent = {"email": [email for email, _ in rows], "percent": [percent for _, percent in rows], **more}
    return client.post(reverse("studio:title_split_proposed", args=[title.id]), sent)


def body(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_proposal_is_read_and_signed_and_then_divides_each_sale(client, creator, director, title):
    sign_in_proven(client, creator)
    assert "All of it is the channel" in body(client.get(reverse("studio:title_split", args=[title.id])))
    assert ask(client, title, (director.email, "12,5"), ("", "")).status_code == 302
    [agreement] = list_agreements(SubjectKind.TITLE, title.id)
    told = body(client.get(reverse("studio:title_split", args=[title.id])))
    for words in ("Ida Lupino", "12.5 %", "87.5 %", "Not yet"):
        assert words in told

    sign_in_proven(client, director)
    assert "Waits for you" in body(client.get(reverse("account:shares")))
    assert "Sign: 12.5 % for you" in body(client.get(reverse("account:share", args=[agreement.id])))
    assert client.post(reverse("account:share_signed", args=[agreement.id])).status_code == 302
    assert dict(shares_of(SubjectKind.TITLE, title.id, now()))[person_account(director.pk)] == 1_250
    make_journal(person_account(director.pk), about=f"title:{title.id}")
    make_journal(person_account(director.pk))
    told = body(client.get(reverse("account:shares")))
    assert "Night Train" in told
    assert "€3.60" in told


def test_who_declines_ends_it(client, director, title):
    agreement = propose(title, (director, 1_000))
    sign_in_proven(client, director)
    assert client.post(reverse("account:share_declined", args=[agreement.id])).status_code == 302
    assert "Declined" in body(client.get(reverse("account:shares")))


def test_the_owner_withdraws(client, creator, director, title):
    agreement = propose(title, (director, 1_000))
    sign_in_proven(client, creator)
    assert client.post(reverse("studio:title_split_withdrawn", args=[title.id, agreement.id])).status_code == 302
    assert "Withdrawn" in body(client.get(reverse("studio:title_split", args=[title.id])))


def test_somebody_without_an_account_comes_by_the_link_in_the_mail(client, creator, title, settings):
    sign_in_proven(client, creator)
    answer = client.post(
        reverse("studio:title_split_proposed", args=[title.id]),
        {"email": ["new@example.org"], "percent": ["10"]},
        follow=True,
    )
    link = answer.content.decode().partition("/account/shares/links/")[2].partition("<")[0].split()[0].strip("\"'")
    path = reverse("account:share_link", args=[link])
    client.logout()
    assert "Sign in to read it" in body(client.get(path))
    assert client.post(path).status_code == 302
    sign_in_proven(client, make_person("stranger@example.org"))
    assert "another address" in client.post(path, follow=True).content.decode()
    sign_in_proven(client, make_person("new@example.org"))
    assert "Read the proposal" in body(client.get(path))
    assert "Sign: 10 % for you" in client.post(path, follow=True).content.decode()
    assert client.get(path).status_code == 404
    assert all("new@example.org" in each.to for each in mail.outbox)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("nobody", "10")], "not a mail address"),
        ([("a@example.org", "ten")], "in percent"),
        ([("a@example.org", "1.234")], "in percent"),
        ([("a@example.org", "NaN")], "in percent"),
        ([("a@example.org", "60"), ("b@example.org", "41")], "more than 100"),
        ([("", "")], "Name somebody"),
    ],
)
def test_what_cannot_be_proposed_is_said_and_nothing_typed_is_lost(client, creator, title, rows, words: str):
    sign_in_proven(client, creator)
    answer = ask(client, title, *rows)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert all(email in answer.content.decode() for email, _ in rows)
    assert ask(client, title, ("a@example.org", "10"), from_day="yesterday").status_code == 422


def test_only_the_owner_shares_and_only_parties_look(client, director, title):
    agreement = propose(title, (director, 1_000))
    editor = make_person()
    join_team(type("Channel", (), {"id": title.channel_id}), editor, Role.EDITOR)
    sign_in_proven(client, editor)
    assert client.get(reverse("studio:title_split", args=[title.id])).status_code == 404
    assert client.get(reverse("account:share", args=[agreement.id])).status_code == 404
    assert "Nothing shared yet" in body(client.get(reverse("account:shares")))
