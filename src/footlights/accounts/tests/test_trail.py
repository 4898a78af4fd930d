"""What people do to their accounts is in the trail, and so is who tries to get into them."""

import pytest
from django.urls import reverse

from footlights.accounts.api import change_installation, create_owner, create_person, set_display_name
from footlights.accounts.testing import PASSWORD, make_person
from footlights.audit.api import take_tallies
from footlights.audit.testing import recorded
from footlights.kernel.errors import NotFoundError
from footlights.kernel.ids import new_id

pytestmark = pytest.mark.django_db
ADDRESS = "198.51.100.7"


def sign_in(client, email: str, password: str):
    return client.post(
        reverse("account_login"),
        {"login": email, "password": password},
        headers={"X-Forwarded-For": f"192.0.2.66, {ADDRESS}"},
    )


def acts() -> list[str]:
    return [told.act for told in recorded()]


def test_signing_in_and_out_is_told_with_the_address(client):
    viewer = make_person()
    answer = sign_in(client, viewer.email, PASSWORD)
    client.post(reverse("account_logout"))
    began, ended = recorded()
    assert (began.act, ended.act) == ("session.started", "session.ended")
    assert {began.actor_id, ended.actor_id} == {viewer.pk}
    assert (began.address, str(began.request_id)) == (ADDRESS, answer["X-Request-Id"])
    assert began.after == {"method": "password"}


def test_a_failed_sign_in_is_told_to_whose_account_was_tried(client):
    viewer = make_person()
    sign_in(client, viewer.email.upper(), "not the password")
    [told] = recorded()
    assert (told.act, told.actor_id, told.object_id) == ("session.refused", None, str(viewer.pk))
    assert told.person_ids == (viewer.pk,)
    assert told.address == ADDRESS


def test_tries_of_an_address_nobody_has_can_be_counted_without_keeping_it(client):
    make_person()
    for email in ("nobody@example.org", "nobody@example.org", "no-one@example.org"):
        sign_in(client, email, "not the password")
    first, second, third = recorded("session.refused")
    assert first.object_id == second.object_id != third.object_id
    assert "example" not in str(recorded())


def test_no_password_and_no_address_of_anybody_gets_into_the_trail(client):
    viewer = make_person("canary@example.org")
    sign_in(client, viewer.email, "canary-wrong-password")
    sign_in(client, viewer.email, PASSWORD)
    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "canary-new-password", "password2": "canary-new-password"},
    )
    assert "password.changed" in acts()
    assert "canary" not in str(recorded())


def test_joining_is_told(client):
    make_person()
    client.post(reverse("account_signup"), {"email": "new@example.org", "password1": "a long enough phrase"})
    assert "person.joined" in acts()


def test_operations_on_accounts_are_told():
    owner = create_owner(email="owner@example.org", password="a long enough phrase")
    person = create_person(email="person@example.org", password=PASSWORD)
    create_person(email="person@example.org", password=PASSWORD)
    set_display_name(person_id=person.id, display_name="Grace")
    change_installation(service_name="Lantern", currency="EUR", by_id=owner.id)
    change_installation(service_name="Lantern", currency="EUR", by_id=owner.id)
    assert acts() == [
        "person.joined",
        "person.made_administrator",
        "person.joined",
        "person.renamed",
        "settings.changed",
    ]
    assert recorded()[-1].after == {"name": "Lantern"}
    with pytest.raises(NotFoundError):
        set_display_name(person_id=new_id(), display_name="Nobody")
    assert len(recorded()) == 5


def test_tries_that_are_turned_away_leave_no_records_but_are_counted(client):
    """Five tries an account are looked at; the others are two rows a minute, whatever their number."""
    viewer = make_person()
    for _ in range(9):
        sign_in(client, viewer.email, "not the password")
    assert len(recorded("session.refused")) == 5
    counted = {tally.subject: tally.count for tally in take_tallies()}
    assert counted == {f"account {viewer.pk}": 4, "block 198.51.100.0/24": 4}


def test_who_turns_up_too_often_from_one_address_is_counted_too(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    make_person()
    answers = [sign_in(client, f"nobody{n}@example.org", "x") for n in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429, 429]
    assert {(each.subject, each.count) for each in take_tallies()} == {
        ("account unknown", 3),
        ("block 198.51.100.0/24", 3),
    }
