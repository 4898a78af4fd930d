"""The team's page: inviting by mail, joining by the link, and that each role sees what it may do and no more."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from footlights.accounts.api import Role
from footlights.accounts.testing import make_person, use_app
from footlights.catalog import api as catalog
from footlights.catalog.testing import join_team, make_title
from footlights.media.testing import make_ready_asset
from footlights.monetization.testing import make_offer
from footlights.web.account.testing import sign_in_proven
from footlights.web.studio.forms import prefix_of

ADDRESS = "mate@example.org"


@pytest.fixture
def as_owner(creator):
    return sign_in_proven(Client(), creator)


@pytest.fixture
def mate(db):
    return make_person(ADDRESS)


def member(channel, role):
    person = make_person()
    join_team(channel, person, role)
    use_app(person)
    return sign_in_proven(Client(), person)


def invited(as_owner, role="editor"):
    """The path of the link in the mail that an invitation sends."""
    answer = as_owner.post(reverse("studio:team_invitations"), {"email": ADDRESS, "role": role})
    assert answer.status_code == 302, answer.content
    assert mail.outbox[-1].to == [ADDRESS]
    return re.search(r"/studio/invitations/\S+", mail.outbox[-1].body)[0]


def test_somebody_invited_by_mail_joins_and_finds_the_channel_in_the_studio(as_owner, channel, mate, creator):
    path = invited(as_owner)
    assert "invites you to the team of Lantern Films" in mail.outbox[-1].body
    client = sign_in_proven(Client(), mate)
    assert "Join the team" in client.get(path).content.decode()
    assert catalog.list_team(channel.id) == []  # looking does nothing
    before = client.session.session_key
    assert client.post(path).headers["Location"] == reverse("studio:home")
    assert client.session.session_key != before
    assert "Lantern Films" in client.get(reverse("studio:home")).content.decode()
    assert mail.outbox[-1].to == [creator.email]
    assert client.get(path).status_code == 404


def test_a_visitor_is_led_through_signing_up_and_back(as_owner, channel):
    path = invited(as_owner)
    html = Client().get(path).content.decode()
    assert f"{reverse('account_signup')}?next={path}" in html
    assert ADDRESS not in html
    assert Client().post(path).headers["Location"].startswith(reverse("account_login"))


def test_a_stranger_with_the_link_does_not_join(as_owner, as_stranger, channel):
    path = invited(as_owner)
    html = as_stranger.get(path).content.decode()
    assert "m•••@e•••.org" in html
    assert ADDRESS not in html
    assert as_stranger.post(path).status_code == 403
    assert catalog.list_team(channel.id) == []


def test_inviting_changing_and_removing_ask_for_a_proof(channel, creator, mate):
    join_team(channel, mate, Role.EDITOR)
    client = sign_in_proven(Client(), creator, proven_s_ago=601)
    for name, args, form in (
        ("team_invitations", [], {"email": "new@example.org", "role": "editor"}),
        ("team_role", [mate.pk], {"role": "finance"}),
        ("team_removed", [mate.pk], {}),
    ):
        assert "reauthenticate" in client.post(reverse(f"studio:{name}", args=args), form).headers["Location"]
    assert [each.role for each in catalog.list_team(channel.id)] == [Role.EDITOR]


def test_a_role_is_changed_and_ended_and_the_person_is_told(as_owner, channel, mate):
    join_team(channel, mate, Role.EDITOR)
    as_owner.post(reverse("studio:team_role", args=[mate.pk]), {"role": "analyst"})
    assert (mail.outbox[-1].to, "Analyst" in mail.outbox[-1].body) == ([ADDRESS], True)
    as_owner.post(reverse("studio:team_role", args=[mate.pk]), {"role": "creator"})
    assert [each.role for each in catalog.list_team(channel.id)] == [Role.ANALYST]
    as_owner.post(reverse("studio:team_removed", args=[mate.pk]))
    assert catalog.list_team(channel.id) == []
    assert "removed you" in mail.outbox[-1].body


def test_a_member_leaves_and_the_owner_cannot(as_owner, channel, mate):
    join_team(channel, mate, Role.EDITOR)
    client = sign_in_proven(Client(), mate)
    assert client.post(reverse("studio:team_left")).headers["Location"] == reverse("account:home")
    assert client.get(reverse("studio:home")).headers["Location"] == reverse("studio:channel_new")
    as_owner.post(reverse("studio:team_left"))
    assert as_owner.get(reverse("studio:home")).status_code == 200


def test_without_a_mail_server_the_owner_is_given_the_link(as_owner, channel):
    as_owner.post(reverse("studio:team_invitations"), {"email": ADDRESS, "role": "editor"})
    html = as_owner.get(reverse("studio:team")).content.decode()
    assert "/studio/invitations/" in html
    assert ADDRESS in html


@pytest.mark.parametrize(
    ("role", "parts"),
    [
        (Role.EDITOR, {"details", "poster", "trailer", "captions", "chapters", "visibility", "file"}),
        (Role.FINANCE, {"price"}),
        (Role.ANALYST, set()),
        (Role.MODERATOR, set()),
    ],
)
def test_the_editor_shows_each_role_only_what_it_may_change(channel, title, role, parts):
    html = member(channel, role).get(reverse("studio:title", args=[title.id])).content.decode()
    assert set(re.findall(r'<section class="panel" id="(\w+)"', html)) == parts
    assert ("<form" in html.partition('id="main"')[2]) == bool(parts)


@pytest.mark.parametrize(
    ("role", "views", "money"),
    [
        (Role.EDITOR, True, False),
        (Role.ANALYST, True, False),
        (Role.FINANCE, True, True),
        (Role.MODERATOR, False, False),
    ],
)
def test_lists_show_each_role_only_the_numbers_it_may_see(channel, title, role, views, money):
    client = member(channel, role)
    html = client.get(reverse("studio:titles")).content.decode()
    assert (">Views<" in html, ">Earned<" in html) == (views, money)
    assert (reverse("studio:money") in html) == money
    home = client.get(reverse("studio:home")).content.decode()
    assert ("You earned" in home) == money
    assert client.get(reverse("studio:money")).status_code == (200 if money else 404)


def test_an_editor_prices_nothing_by_any_door(channel, title):
    make_offer(title)
    client = member(channel, Role.EDITOR)
    form = {"way": "free", "currency": "EUR"}
    assert client.post(reverse("studio:title_price", args=[title.id]), form).status_code == 404
    prefixed = {f"{prefix_of(title)}-{name}": value for name, value in form.items()} | form | {"part": "price"}
    assert client.post(reverse("studio:title_saved", args=[title.id]), prefixed).status_code == 404
    assert "€4.00" in client.get(reverse("studio:titles")).content.decode()


def test_a_member_watches_what_is_not_out_yet_and_a_stranger_does_not(channel, creator, as_stranger):
    draft = make_title(channel, state="draft", asset_id=make_ready_asset(creator.pk).id)
    client = member(channel, Role.ANALYST)
    assert client.get(draft.path).status_code == 200
    assert client.get(f"{draft.path}/watch").status_code == 200
    assert as_stranger.get(f"{draft.path}/watch").status_code == 404
