"""A field that sets a role, a right or a share is refused on every address, and whoever sent it is seen."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from footlights.accounts.models import User
from footlights.accounts.testing import make_person
from footlights.audit.testing import recorded
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer():
    return make_person()


@pytest.mark.parametrize("field", ["is_staff", "roles", "ROLE", "share_bps", "owner_id"])
def test_a_form_with_such_a_field_is_refused_whole_and_recorded(viewer, field):
    client = sign_in_proven(Client(), viewer)
    answer = client.post(reverse("account:name"), {"display_name": "Mallory", field: "administrator"})
    assert answer.status_code == 400
    viewer.refresh_from_db()
    assert (viewer.display_name, viewer.roles) == ("", [])
    told = recorded()[-1]
    assert (told.act, told.actor_id, told.object_id) == ("field.refused", viewer.pk, "account:name")
    assert told.after == {"fields": [field.lower()]}


def test_so_is_json_and_so_is_signing_up(viewer):
    body = json.dumps({"title": "x", "deep": [{"is_superuser": True}]})
    assert Client().post(reverse("watch:sessions"), body, content_type="application/json").status_code == 400
    form = {"email": "eve@example.org", "password1": "correct horse battery", "is_staff": "1"}
    assert Client().post(reverse("account_signup"), form).status_code == 400
    assert not User.objects.filter(email="eve@example.org").exists()
    assert [each.act for each in recorded()][-2:] == ["field.refused"] * 2


def test_a_form_that_gives_a_role_may_name_it_and_nothing_else():
    staff, other = make_person(is_staff=True), make_person()
    client = sign_in_proven(Client(), staff)
    address = reverse("backoffice:role_given", args=[other.pk])
    assert client.post(address, {"role": "support", "is_staff": "1"}).status_code == 400
    assert client.post(address, {"role": "support"}).status_code == 302
    other.refresh_from_db()
    assert other.roles == ["support"]


def test_what_is_not_a_field_is_no_offence(viewer):
    client = sign_in_proven(Client(), viewer)
    assert client.get(reverse("account:home"), {"role": "administrator"}).status_code == 200
    assert client.post(reverse("account:name"), {"display_name": "staff"}).status_code == 302
