"""What is grave asks again who one is, and then does just what was asked for. There is no way around it."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse

from footlights.accounts.api import get_installation
from footlights.accounts.testing import PASSWORD, code_now, make_person, use_app
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.money import Money
from footlights.monetization.api import list_offers
from footlights.monetization.testing import make_offer
from footlights.web.account.browser import COOKIE
from footlights.web.account.proof import KEPT, MAX_KEPT_BYTES
from footlights.web.account.testing import sign_in_proven
from footlights.web.rules import PROVEN, RULES
from footlights.web.rules.needs import ANYBODY, PROOF, TO_SEE
from footlights.web.studio.forms import prefix_of

pytestmark = pytest.mark.django_db
PROVE = "/account/reauthenticate/"
ELEVEN_MINUTES_S = 660


@pytest.fixture(autouse=True)
def _quick(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def creator():
    return make_person()


@pytest.fixture
def title(creator):
    title = make_title(make_channel(creator))
    make_offer(title, "buy", Money(400, "EUR"))
    return title


@pytest.fixture
def staff():
    return make_person(is_staff=True)


def later(person: Any) -> Client:
    """A browser in which the person proved eleven minutes ago who they are."""
    return sign_in_proven(Client(), person, proven_s_ago=ELEVEN_MINUTES_S)


def ask_price(client: Client, title: Any, price: str = "9.00", **headers: str) -> Any:
    form = {"way": "paid", "buy": price, "currency": "EUR"}
    return client.post(reverse("studio:title_price", args=[title.id]), form, headers=headers)


def price_of(title: Any) -> int:
    return next(offer.price.amount_minor for offer in list_offers(title.id))


def next_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["next"][0]


def prove(client: Client, address: str, password: str = PASSWORD) -> Any:
    """Give the password, or the code, at `address` and follow to where that leads."""
    proof = {"code": code_now()} if "second-step" in address else {"password": password}
    return client.post(address, {**proof, "next": next_of(address)}, follow=True)


def test_a_price_is_changed_at_once_within_ten_minutes_of_a_proof(creator, title) -> None:
    ask_price(sign_in_proven(Client(), creator, proven_s_ago=590), title)
    assert price_of(title) == 900


def test_a_price_waits_for_the_proof_and_is_then_changed_without_typing_it_again(creator, title) -> None:
    client = later(creator)
    asked = ask_price(client, title)
    assert asked.headers["Location"].startswith(PROVE)
    assert price_of(title) == 400
    done = prove(client, asked.headers["Location"])
    assert price_of(title) == 900
    assert done.redirect_chain[-1][0].startswith(reverse("studio:title", args=[title.id]))
    assert "Saved." in done.content.decode()


def test_a_wrong_password_changes_nothing_and_loses_nothing(creator, title) -> None:
    client = later(creator)
    address = ask_price(client, title).headers["Location"]
    wrong = prove(client, address, "not the password")
    assert "That is not your password" in wrong.content.decode()
    assert price_of(title) == 400
    prove(client, address)
    assert price_of(title) == 900


def test_a_form_of_htmx_waits_too_and_ends_on_its_page(creator, title) -> None:
    client, page = later(creator), reverse("studio:title", args=[title.id])
    asked = ask_price(client, title, **{"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"})
    assert asked.status_code == 204
    done = prove(client, asked.headers["HX-Redirect"])
    assert price_of(title) == 900
    assert done.redirect_chain[-1][0].startswith(page)
    assert "<!doctype html>" in done.content.decode()


def test_two_tabs_each_get_back_what_they_sent(creator, title) -> None:
    other = make_title(make_channel(creator))
    make_offer(other, "buy", Money(400, "EUR"))
    client = later(creator)
    first, second = (ask_price(client, each).headers["Location"] for each in (title, other))
    prove(client, first)
    assert (price_of(title), price_of(other)) == (900, 400)
    client.get(next_of(second))
    assert (price_of(title), price_of(other)) == (900, 900)


def test_a_waiting_form_is_sent_once(creator, title) -> None:
    client = later(creator)
    address = ask_price(client, title).headers["Location"]
    prove(client, address)
    ask_price(client, title, "5.00")
    again = client.get(next_of(address))
    assert again.status_code == 302
    assert price_of(title) == 500


def test_a_waiting_form_is_sealed_in_the_session(creator, title) -> None:
    client = later(creator)
    ask_price(client, title, "8765.43")
    [entry] = client.session[KEPT].values()
    assert "8765" not in str(entry)
    row = Session.objects.get(session_key=client.session.session_key)
    assert "8765" not in str(row.get_decoded())


def test_a_waiting_form_is_nobody_elses(creator, title) -> None:
    address = next_of(ask_price(later(creator), title).headers["Location"])
    for person in (make_person(), creator):
        assert sign_in_proven(Client(), person).get(address).status_code == 404
    assert price_of(title) == 400


def test_the_rules_are_asked_again_when_the_waiting_form_is_sent(staff) -> None:
    client = later(staff)
    form = {"service_name": "Cinema Nova", "currency": "EUR"}
    address = client.post(reverse("backoffice:settings"), form).headers["Location"]
    staff.roles = []
    staff.save(update_fields=["roles"])
    assert prove(client, address).status_code == 404
    assert get_installation().name != "Cinema Nova"


def test_a_form_that_is_too_much_to_keep_is_asked_for_once_more(staff) -> None:
    client = later(staff)
    form = {"service_name": "x" * MAX_KEPT_BYTES, "currency": "EUR"}
    client.post(reverse("backoffice:settings"), form)
    assert KEPT not in client.session


def test_a_bounded_number_of_forms_waits(staff) -> None:
    client = later(staff)
    for number in range(8):
        client.post(reverse("backoffice:settings"), {"service_name": f"Name {number}", "currency": "EUR"})
    assert len(client.session[KEPT]) == 5


def test_a_new_draft_may_try_prices_without_a_proof_but_a_withdrawn_title_may_not(creator) -> None:
    draft = make_title(make_channel(creator), state="draft")
    ask_price(later(creator), draft, "3.00")
    assert price_of(draft) == 300
    withdrawn = make_title(make_channel(creator), state="published")
    make_offer(withdrawn, "buy", Money(400, "EUR"))
    client = later(creator)
    client.post(reverse("studio:title_visibility", args=[withdrawn.id]), {"state": "draft"})
    ask_price(client, withdrawn, "0.01")
    assert price_of(withdrawn) == 400


class TestNoWayAround:
    def test_not_by_the_autosave(self, creator, title) -> None:
        typed = {"way": "paid", "buy": "1.00", "currency": "EUR"}
        form = {"part": "price"} | {f"{prefix_of(title)}-{name}": value for name, value in typed.items()}
        address = reverse("studio:title_saved", args=[title.id])
        assert later(creator).post(address, form).headers["Location"].startswith(PROVE)
        assert price_of(title) == 400
        sign_in_proven(Client(), creator).post(address, form)
        assert price_of(title) == 100  # so the form itself was a good one

    def test_not_by_a_script(self, staff) -> None:
        answer = later(staff).post(
            reverse("backoffice:settings"),
            {"service_name": "Cinema Nova", "currency": "EUR"},
            headers={"Sec-Fetch-Mode": "cors"},
        )
        assert answer.status_code == 403
        assert answer.json()["code"] == "proof_required"
        assert answer.json()["prove_at"] == reverse("mfa_reauthenticate")

    def test_not_with_a_copied_cookie_in_another_browser(self, creator, title) -> None:
        client = sign_in_proven(Client(), creator)
        thief = Client()
        thief.cookies["session"] = client.cookies["session"].value
        assert ask_price(thief, title).headers["Location"].startswith(PROVE)
        named_otherwise = Client(headers={"User-Agent": "another"})
        named_otherwise.cookies["session"] = client.cookies["session"].value
        named_otherwise.cookies[COOKIE] = client.cookies[COOKIE].value
        assert ask_price(named_otherwise, title).headers["Location"].startswith(PROVE)
        assert price_of(title) == 400

    def test_not_with_the_proof_of_another_session(self, creator, title) -> None:
        sign_in_proven(Client(), creator)
        assert ask_price(later(creator), title).headers["Location"].startswith(PROVE)

    def test_not_from_a_stale_tab_after_somebody_else_signed_in(self, creator, title) -> None:
        other = make_person()
        client = sign_in_proven(Client(), creator)
        client.post("/account/logout/")
        client.post("/account/login/", {"login": other.email, "password": PASSWORD})
        assert ask_price(client, title).status_code == 404
        assert price_of(title) == 400

    def test_not_by_resetting_the_password(self, creator, title) -> None:
        client = Client()
        client.post("/account/password/reset/", {"email": creator.email})
        link = re.search(r"http://testserver(\S+)", mail.outbox[0].body)[1]
        page = client.get(link, follow=True).redirect_chain[-1][0]
        client.post(page, {"password1": "a fresh new sentence"})
        assert client.session["_auth_user_id"] == str(creator.pk)
        assert ask_price(client, title).headers["Location"].startswith(PROVE)

    def test_not_in_a_session_without_any_proof(self, creator, title) -> None:
        client = Client()
        client.force_login(creator)
        assert ask_price(client, title).headers["Location"].startswith(PROVE)

    def test_not_with_the_password_alone_by_whoever_has_a_second_factor(self, creator, title) -> None:
        use_app(creator)
        client = later(creator)
        asked = ask_price(client, title).headers["Location"]
        refused = client.post(PROVE, {"password": PASSWORD, "next": next_of(asked)})
        assert refused.headers["Location"].startswith(reverse("mfa_reauthenticate"))
        assert ask_price(client, title).headers["Location"].startswith(reverse("mfa_reauthenticate"))
        assert price_of(title) == 400

    def test_not_with_a_code_that_was_used_already(self, creator, title) -> None:
        use_app(creator)
        code = code_now()
        for client, price in ((later(creator), 900), (later(creator), 500)):
            asked = ask_price(client, title, f"{price / 100}").headers["Location"]
            client.post(asked, {"code": code, "next": next_of(asked)}, follow=True)
        assert price_of(title) == 900

    def test_not_by_a_sign_in_with_a_mailed_code(self, creator, title) -> None:
        client = Client()
        client.post(reverse("account_request_login_code"), {"email": creator.email})
        code = re.search(r"^    (\S+)$", mail.outbox[0].body, re.MULTILINE)[1]
        client.post(reverse("account_confirm_login_code"), {"code": code})
        assert client.session["_auth_user_id"] == str(creator.pk)
        assert ask_price(client, title).headers["Location"].startswith(PROVE)

    def test_a_sign_in_with_the_password_is_a_proof(self, creator, title) -> None:
        client = Client()
        client.post("/account/login/", {"login": creator.email, "password": PASSWORD})
        ask_price(client, title)
        assert price_of(title) == 900


def test_a_proof_gives_the_session_a_new_key(creator, title) -> None:
    client = later(creator)
    before = client.session.session_key
    prove(client, ask_price(client, title).headers["Location"])
    assert client.session.session_key != before
    thief = Client()
    thief.cookies["session"] = before
    assert thief.get("/account/history").status_code == 302


def test_a_persons_page_waits_for_the_proof_and_is_then_shown(staff, creator) -> None:
    client, page = later(staff), reverse("backoffice:person", args=[creator.pk])
    asked = client.get(page)
    assert creator.email not in asked.content.decode()
    shown = prove(client, asked.headers["Location"])
    assert shown.redirect_chain[-1][0] == page
    assert str(creator.pk) in shown.content.decode()


def test_every_address_that_needs_a_proof_has_a_rule_that_asks_who_one_is() -> None:
    assert not {RULES[name] for name in PROVEN} & {ANYBODY, PROOF}
    assert TO_SEE in PROVEN.values()


def test_proofs_are_guessed_only_so_often(creator, title) -> None:
    client = later(creator)
    address = ask_price(client, title).headers["Location"]
    answers = [prove(client, address, f"guess {number}").status_code for number in range(12)]
    assert answers[0] == 200
    assert answers[-1] == 429
