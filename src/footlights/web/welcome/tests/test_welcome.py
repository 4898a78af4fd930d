import pytest
from django.urls import reverse

from footlights.accounts.models import Installation, User
from footlights.accounts.testing import PASSWORD, make_person

pytestmark = pytest.mark.django_db
ANSWERS = {
    "service_name": "Cinema Nova",
    "currency": "CHF",
    "display_name": "Ada",
    "email": "ada@example.org",
    "password": PASSWORD,
}


@pytest.mark.parametrize("path", ["/", "/account/login/", "/account/signup/", "/studio/", "/backoffice/", "/library"])
def test_an_empty_installation_leads_every_page_to_its_first_run(client, path) -> None:
    assert client.get(path).headers["Location"] == "/welcome"
    assert client.post(path, {"email": "x@example.org", "password1": PASSWORD}).headers["Location"] == "/welcome"
    assert not User.objects.exists()


def test_the_first_run_names_the_service_and_signs_its_owner_in(client) -> None:
    assert client.get("/welcome").status_code == 200
    answer = client.post("/welcome", ANSWERS | {"then": "look"})
    assert answer.headers["Location"] == "/"
    owner = User.objects.get()
    assert owner.roles == ["administrator"]
    assert client.session["_auth_user_id"] == str(owner.pk)
    assert Installation.objects.get().name == "Cinema Nova"
    assert "Cinema Nova" in client.get(reverse("account_email")).content.decode()


def test_the_owner_may_go_straight_to_an_upload(client) -> None:
    assert client.post("/welcome", ANSWERS | {"then": "upload"}).headers["Location"] == reverse("studio:upload")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("password", "short", "too short"),
        ("password", "password", "too common"),
        ("email", "no address", "valid email"),
        ("currency", "XXX", "Select a valid choice"),
        ("service_name", "", "required"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_makes_nobody(client, field, value, said) -> None:
    answer = client.post("/welcome", ANSWERS | {field: value})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "ada@example.org" in answer.content.decode() or field == "email"
    assert not User.objects.exists()


def test_once_somebody_is_there_the_first_run_does_not_exist(client) -> None:
    make_person()
    assert client.get("/welcome").status_code == 404
    assert client.post("/welcome", ANSWERS).status_code == 404
    assert not User.objects.exclude(roles=[]).exists()
