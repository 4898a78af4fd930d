"""Every address has a declared rule, and nobody whom the rule leaves out is let in.

The walk finds the routes by itself, so that one which is added later is walked too. It knows how to fill every
parameter a route may have with a real object of the creator's (or, of a purchase, the viewer's).
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from procrastinate.contrib.django import app

from footlights.accounts.testing import make_person
from footlights.audit.api import Act, record
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.media.testing import make_asset, make_upload
from footlights.monetization.api import buy_title
from footlights.monetization.testing import make_offer
from footlights.web.access import PROVEN, RULES, TO_SEE, Rule
from footlights.web.account.testing import sign_in_proven

PARAMETERS: dict[str, set[str]] = {}  # of each route, those of its folder too


def routes(
    resolver: URLResolver | None = None, namespace: str = "", outer: frozenset[str] = frozenset()
) -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        names = outer | entry.pattern.regex.groupindex.keys()
        if isinstance(entry, URLResolver):
            inner = ":".join(part for part in (namespace, entry.namespace) if part)
            yield from routes(entry, inner, names)
        else:
            name = ":".join(part for part in (namespace, entry.name or "") if part)
            PARAMETERS[name] = set(names)
            yield name, entry


ROUTES = list(routes())


def walk(*rules: Rule) -> Any:
    """Parametrize with the name of each route under one of `rules`."""
    return pytest.mark.parametrize("name", sorted(name for name, _ in ROUTES if RULES.get(name) in rules))


class World:
    """One of everything, made when a route needs it. The stranger has a channel too: having one must not be enough."""

    creator = cached_property(lambda self: make_person())
    viewer = cached_property(lambda self: make_person())
    staff = cached_property(lambda self: make_person(is_staff=True))
    channel = cached_property(lambda self: make_channel(self.creator))
    title = cached_property(lambda self: make_title(self.channel))
    offer = cached_property(lambda self: make_offer(self.title))
    upload = cached_property(lambda self: make_upload(self.creator.pk))
    purchase = cached_property(
        lambda self: buy_title(viewer_id=self.viewer.pk, offer_id=self.offer.id, idempotency_key="k", at=now())
    )

    passkey = cached_property(
        lambda self: Authenticator.objects.create(
            user=self.creator, type=Authenticator.Type.WEBAUTHN, data={"name": "Laptop", "credential": {}}
        )
    )
    captions_id = cached_property(lambda self: new_id())
    job_id = cached_property(lambda self: app.configure_task("media.probe", allow_unknown=True).defer())
    asset = cached_property(lambda self: make_asset(self.creator.pk))
    film = cached_property(lambda self: make_title(self.channel, asset_id=self.asset.id))

    @cached_property
    def stranger(self) -> Any:
        stranger = make_person()
        make_channel(stranger)
        return stranger

    parameters = {
        "handle": lambda self: self.title.channel_handle,
        "slug": lambda self: self.title.slug,
        "title_id": lambda self: self.title.id,
        "captions_id": lambda self: self.captions_id,
        "offer_id": lambda self: self.offer.id,
        "upload_id": lambda self: self.upload.id,
        "purchase_id": lambda self: self.purchase.id,
        "payment_id": lambda self: self.purchase.payment_id,
        "person_id": lambda self: self.viewer.pk,
        "job_id": lambda self: self.job_id,
        "record_id": lambda self: record(act=Act.TITLE_CHANGED, object_kind="title", object_id=self.title.id),
        "gateway": lambda self: "sandbox",
        "session": lambda self: "cs_nobody_knows",
        "key": lambda self: "no-such-key",
        "pk": lambda self: self.passkey.pk,
        "provider_id": lambda self: "school",
        "kept": lambda self: "no-such-form",
        "uidb36": lambda self: "0",
        "kind": lambda self: self.title and "titles",
        "page": lambda self: 1,
    }
    elsewhere = {
        ("storefront:category", "slug"): lambda self: "drama",
        ("backoffice:title_retry", "title_id"): lambda self: self.film.id,
    }
    methods = {"uploads:item": ("head", "delete")}  # a protocol of its own, tus
    # What a form without an object in its address names in its body.
    sent = {
        "studio:channel_switch": lambda self: {"channel": self.channel.id},
        "studio:titles_bulk": lambda self: {"ids": [self.title.id], "act": "delete"},
        "studio:titles_restored": lambda self: {"ids": [self.title.id]},
        "backoffice:title_retry": lambda self: {"asset": self.asset.id},
    }

    def path(self, name: str) -> str:
        names = PARAMETERS[name]
        unknown = names - self.parameters.keys()
        assert not unknown, f"Say in World.parameters what {unknown} of {name} may be."
        fill = {each: self.elsewhere.get((name, each), self.parameters[each]) for each in names}
        return reverse(name, kwargs={each: make(self) for each, make in fill.items()})

    def ask(self, name: str, person: Any = None, *, proven_s_ago: float = 0) -> list[HttpResponse]:
        """The answers to a GET and a POST (or the route's own methods) by `person`, who is nobody by default."""
        path, client = self.path(name), Client(raise_request_exception=True)
        if person:
            sign_in_proven(client, person, proven_s_ago=proven_s_ago)
        headers = {"Tus-Resumable": "1.0.0"} if name.startswith("uploads:") else {}
        body = self.sent.get(name, lambda _: {})(self)
        return [
            getattr(client, method)(path, body if method == "post" else None, headers=headers)
            for method in self.methods.get(name, ("get", "post"))
        ]


@pytest.fixture
def world(db: None) -> World:
    world = World()
    assert world.creator  # an empty installation would lead everybody to its first run
    return world


def asks_to_sign_in(answer: HttpResponse) -> bool:
    return answer.status_code == 401 or answer.headers.get("Location", "").startswith(reverse("account_login") + "?")


@pytest.mark.parametrize(
    ("name", "route"), [pytest.param(*each, id=each[0] or str(each[1].pattern)) for each in ROUTES]
)
def test_every_route_declares_who_may_use_it(name: str, route: URLPattern) -> None:
    assert name in RULES, f"{route.pattern} has no rule in footlights.web.access.RULES"


def test_no_rule_outlives_its_route() -> None:
    assert RULES.keys() == {name for name, _ in ROUTES}


def test_an_undeclared_route_answers_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(RULES, "storefront:search")
    with pytest.raises(Exception, match=r"Nobody may use /search"):
        Client().get("/search")


@walk(Rule.ANYBODY)
def test_anybody_is_answered_without_signing_in(world: World, name: str) -> None:
    for answer in world.ask(name):
        assert answer.status_code < 500
        assert not asks_to_sign_in(answer)


@walk(Rule.SIGNED_IN, Rule.OWNER)
def test_a_visitor_is_asked_to_sign_in_and_led_back(world: World, name: str) -> None:
    got, posted = world.ask(name)
    assert asks_to_sign_in(got)
    assert asks_to_sign_in(posted)
    if got.status_code == 302:
        assert unquote(got.headers["Location"]).endswith(f"?next={world.path(name)}")


@walk(Rule.SIGNED_IN)
def test_who_has_an_account_is_answered(world: World, name: str) -> None:
    for answer in world.ask(name, world.stranger):
        assert answer.status_code < 500
        assert not asks_to_sign_in(answer)


@walk(Rule.OWNER)
def test_to_a_stranger_what_belongs_to_others_does_not_exist(world: World, name: str) -> None:
    statuses = {answer.status_code for answer in world.ask(name, world.stranger)}
    assert 404 in statuses
    assert statuses <= {404, 405}


@walk(Rule.OWNER)
def test_its_owner_is_answered(world: World, name: str) -> None:
    owner = world.viewer if "purchase_id" in str(dict(ROUTES)[name].pattern) else world.creator
    answers = world.ask(name, owner)
    assert any(answer.status_code not in {404, 405} for answer in answers)
    assert all(answer.status_code < 500 for answer in answers)


@walk(Rule.STAFF)
def test_to_all_but_administrators_the_backoffice_does_not_exist(world: World, name: str) -> None:
    for person in (None, world.stranger, world.viewer, world.creator):
        assert [answer.status_code for answer in world.ask(name, person)] == [404, 404]


@walk(Rule.STAFF)
def test_administrators_are_answered(world: World, name: str) -> None:
    statuses = [answer.status_code for answer in world.ask(name, world.staff)]
    assert any(status not in {404, 405} for status in statuses)
    assert max(statuses) < 500


@pytest.mark.parametrize("name", sorted(PROVEN))
def test_what_is_grave_is_neither_shown_nor_done_without_a_proof(world: World, name: str) -> None:
    person = world.staff if RULES[name] is Rule.STAFF else world.creator
    got, posted = world.ask(name, person, proven_s_ago=601)
    for answer in (got, posted) if PROVEN[name] == TO_SEE else (posted,):
        assert answer.status_code == 302
        assert "reauthenticate" in answer.headers["Location"]


@walk(Rule.STAFF)
def test_an_administrator_without_a_second_factor_is_led_to_set_one_up(world: World, name: str) -> None:
    Authenticator.objects.filter(user=world.staff).delete()
    for answer in world.ask(name, world.staff):
        assert answer.headers["Location"].startswith(reverse("mfa_index") + "?next=")


@walk(Rule.PROOF)
def test_without_proof_nothing_is_done_whoever_asks(world: World, name: str) -> None:
    for person in (None, world.stranger, world.creator, world.staff):
        assert all(400 <= answer.status_code < 500 for answer in world.ask(name, person))


def test_a_script_is_told_plainly_and_a_form_that_comes_too_late_leads_back_to_its_page(world: World) -> None:
    client = Client()
    assert client.get("/account/", headers={"Sec-Fetch-Mode": "cors"}).status_code == 401
    assert client.post("/account/name", content_type="application/json").status_code == 401
    late = client.post("/account/name", headers={"Referer": "http://testserver/account/?x=1"})
    assert late.headers["Location"] == "/account/login/?next=/account/%3Fx%3D1"
    forged = client.post("/account/name", headers={"Referer": "https://evil.example/account/"})
    assert forged.headers["Location"] == "/account/login/?next=/"
    by_htmx = client.post(
        "/account/name", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/account/"}
    )
    assert by_htmx.headers["HX-Redirect"] == "/account/login/?next=/account/"
