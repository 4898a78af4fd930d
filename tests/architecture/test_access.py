"""Every address has a declared need, and every role gets exactly what the one table of roles says.

The walk finds the routes by itself, so that one which is added later is walked too. Each role goes to every route, by
its own objects, by those of a colleague (the same channel, another role) and by a stranger's; what it must be answered
is read from accounts/roles.py and web/rules alone.
"""

from collections.abc import Collection, Iterator
from functools import cache
from typing import Any
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, reverse
from tests.architecture.belongings import PARAMETERS, ROUTES, Belongings, Others, Whose

from footlights.accounts.api import HELD, HOUSE_ROLES, TEAM_ROLES, Permission, Role, Scope
from footlights.accounts.testing import make_person, use_app
from footlights.audit.api import take_tallies
from footlights.catalog.testing import join_team, make_channel
from footlights.web.access import REFUSALS
from footlights.web.account.testing import sign_in_proven
from footlights.web.rules import PROVEN, RULES
from footlights.web.rules.needs import ANYBODY, OWNER, PROOF, TO_SEE, Both, Need

# What a route's parameters, or the body of its form, name of somebody's.
OBJECTS = {
    "broadcast_id",
    "captions_id", "collection_id", "coupon_id", "document_id", "gift_id", "invitation_id", "method_id", "pk", "press_id",
    "purchase_id",
    "subject_id",
    "subscription_id", "tip_id", "title_id", "upload_id",
}  # fmt: skip
METHODS = {"uploads:item": ("head", "delete")}  # a protocol of its own, tus
NO_METHOD: dict[tuple[str, str], HttpResponse] = {}  # what somebody who was let in was told of a method there is not
READS = {"get", "head"}


class World:
    """Somebody with a role among others."""

    def __init__(self, role: Role, others: Others | None = None) -> None:
        self.role = role
        self.actor = None if role is Role.VISITOR else make_person(roles=[role] if role in HOUSE_ROLES else [])
        self.uncounted: list[str] = []  # what was refused, and nobody would hear of it
        self.is_of_the_channel = role is Role.CREATOR or role in TEAM_ROLES
        others = others or Others()
        self.colleague, self.others, self.belongings = others.colleague, set(others.all), dict(others.belongings)
        channel = others.channel
        if role is Role.CREATOR:
            channel = make_channel(self.actor)
            join_team(channel, self.colleague, Role.EDITOR)
            self.belongings["colleague"] = Belongings(self.colleague, channel, others.shop)
        elif role in TEAM_ROLES:
            join_team(channel, self.actor, role)
            use_app(self.actor)
        if self.actor:
            self.belongings["own"] = Belongings(self.actor, channel, others.shop)
        else:
            self.belongings["own"] = self.belongings["colleague"]

    @cache  # noqa: B019  one sign-in a world
    def client(self, proven_s_ago: float) -> tuple[Client, dict[str, str]]:
        """Signed in, and its cookies as they are then."""
        client = Client()
        if self.actor:
            sign_in_proven(client, self.actor, proven_s_ago=proven_s_ago)
        return client, {name: morsel.value for name, morsel in client.cookies.items()}

    def ask(
        self, name: str, whose: Whose = "own", *, proven_s_ago: float = 0, once: bool = False
    ) -> list[tuple[str, HttpResponse]]:
        """The answers to a GET and a POST (or the route's own methods); what they change is undone.

        `once`: a method that the route does not have is not asked for again, whoever comes.
        """
        theirs, (client, cookies) = self.belongings[whose], self.client(proven_s_ago)
        path, body = theirs.path(name), theirs.body(name)
        headers = {"Tus-Resumable": "1.0.0"} if name.startswith("uploads:") else {}
        answers = []
        for method in METHODS.get(name, ("get", "post")):
            if once and (name, method) in NO_METHOD:
                answers.append((method, NO_METHOD[name, method]))
                continue
            before = transaction.savepoint()
            client.cookies.clear()
            client.cookies.load(cookies)
            answer = getattr(client, method)(path, body if method == "post" else None, headers=headers)
            if is_wrong_method(answer):
                NO_METHOD[name, method] = answer
            if answer.status_code in REFUSALS and needs_of(name, method) not in {ANYBODY, PROOF} and not take_tallies():
                self.uncounted.append(f"{method} {name} ({whose})")
            answers.append((method, answer))
            transaction.savepoint_rollback(before)
        return answers

    def others_in(self, answer: HttpResponse) -> set[str]:
        """The names and addresses of others that stand anywhere in the answer, its attributes and headers too."""
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = f"{answer.headers}{body.decode(errors='replace')}"
        by_name = {self.colleague} if self.is_of_the_channel else set()  # who works together knows each other
        words = {each.email for each in self.others} | {each.display_name for each in self.others - by_name}
        return {word for word in words if word in text}

    def may(self, need: Need, whose: Whose) -> bool:
        """What the table says."""
        if need is PROOF:
            return False  # nobody here carries one
        if need is OWNER:
            return whose == "own" and self.role is not Role.VISITOR
        assert isinstance(need, Permission)
        if need.scope is Scope.CHANNEL:
            return self.is_of_the_channel and whose != "stranger" and need in HELD[self.role]
        also = Role.VISITOR if self.role is Role.VISITOR else Role.SUBSCRIBER
        return need in HELD[self.role] | HELD[also]


def needs_of(name: str, method: str) -> Need:
    need = RULES[name]
    if isinstance(need, Both):
        return need.read if method in READS else need.send
    return need


def is_of_a_role(need: Need) -> bool:
    return isinstance(need, Permission) and need.scope is not Scope.SELF


def whose_of(name: str, world: World) -> list[Whose]:
    """Whose objects to try. Once is enough where a route is about nobody's in particular, or is closed to the role anyway.

    To who is of no team, their "own" channel is the colleague's already.
    """
    need = needs_of(name, "get")
    is_open = any(world.may(needs_of(name, method), "own") for method in METHODS.get(name, ("get", "post")))
    is_somebodys = need is OWNER or (isinstance(need, Permission) and need.scope is Scope.CHANNEL)
    names = PARAMETERS[name] & OBJECTS or name in Belongings.sent or name in dict(Belongings.elsewhere.keys())
    if not (is_open and is_somebodys and names):
        return ["own"]
    return ["own", "colleague", "stranger"] if need is OWNER or world.is_of_the_channel else ["own", "stranger"]


def routes_needing(*needs: Need) -> Any:
    """Parametrize with the name of each route that needs one of these."""
    return pytest.mark.parametrize("name", sorted(name for name, _ in ROUTES if RULES.get(name) in needs))


ABOUT_ONESELF = [need for need in Permission if need.scope is Scope.SELF]
EVERYBODY = [role for role in Role if role not in HOUSE_ROLES + TEAM_ROLES]
HOUSE = [need for need in Permission if need.scope is Scope.HOUSE]


@pytest.fixture(autouse=True)
def mails_arrive(settings: Any) -> None:
    """As where there is mail: the till is everybody's, and gifts are sent."""
    settings.MAILS_ARRIVE = settings.GUEST_CHECKOUT = True


@pytest.fixture
def world(db: None) -> World:
    return World(Role.CREATOR)


@pytest.fixture
def administrator(db: None) -> World:
    return World(Role.ADMINISTRATOR)


def asks_to_sign_in(answer: HttpResponse) -> bool:
    return answer.status_code == 401 or answer.headers.get("Location", "").startswith(reverse("account_login") + "?")


def is_refused(answer: HttpResponse) -> bool:
    """There is no such page, one has to sign in first, or one is led to opening a channel."""
    is_nowhere = answer.status_code == 302 and answer.headers["Location"] == reverse("studio:channel_new")
    return answer.status_code == 404 or asks_to_sign_in(answer) or is_nowhere


def is_wrong_method(answer: HttpResponse) -> bool:
    return answer.status_code == 405


@pytest.mark.parametrize(
    ("name", "route"), [pytest.param(*each, id=each[0] or str(each[1].pattern)) for each in ROUTES]
)
def test_every_route_declares_who_may_use_it(name: str, route: URLPattern) -> None:
    assert name in RULES, f"{route.pattern} has no rule in footlights.web.rules"


def test_no_rule_outlives_its_route() -> None:
    assert RULES.keys() == {name for name, _ in ROUTES}


def test_an_undeclared_route_answers_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(RULES, "storefront:search")
    with pytest.raises(Exception, match=r"Nobody may use /search"):
        Client().get("/search")


@pytest.mark.django_db
@pytest.mark.parametrize("roles", [HOUSE_ROLES, TEAM_ROLES, EVERYBODY], ids=["house", "team", "everybody"])
def test_each_role_is_answered_exactly_where_the_table_says(roles: Collection[Role]) -> None:
    others = Others()  # making what is theirs takes a third of the time
    wrong = [f"{role}: {each}" for role in roles for each in wrong_answers(World(role, others))]
    assert not wrong, "\n".join(wrong)


def wrong_answers(world: World) -> Iterator[str]:
    for name, _ in ROUTES:
        for whose in whose_of(name, world):
            answers = world.ask(name, whose, once=True)
            for method, answer in answers:
                if shown := world.others_in(answer):
                    yield f"{method} {name} ({whose}) shows {shown}"
                expected = world.may(needs_of(name, method), whose)
                is_closed = is_refused(answer) or is_wrong_method(answer) or needs_of(name, method) is PROOF
                if answer.status_code >= 500 or (not expected and not is_closed):
                    yield f"{method} {name} ({whose}) let them in: {answer.status_code}"
                if expected and asks_to_sign_in(answer):
                    yield f"{method} {name} ({whose}) asked them to sign in"
            may_use = [answer for method, answer in answers if world.may(needs_of(name, method), whose)]
            is_about_oneself = needs_of(name, "get") in ABOUT_ONESELF  # and one may have nothing of the kind
            if may_use and not is_about_oneself and all(is_refused(each) or is_wrong_method(each) for each in may_use):
                yield f"{name} ({whose}) is not there for them"
    yield from (f"{each} is refused, and nobody would hear of it" for each in world.uncounted)


@pytest.mark.django_db
@pytest.mark.parametrize("role", HOUSE_ROLES)
def test_nobody_of_the_house_is_shown_the_name_or_address_of_others_anywhere(role: Role) -> None:
    world = World(role)
    names = [name for name, _ in ROUTES if needs_of(name, "get") in HOUSE]
    for name in names:
        world.belongings["stranger"].path(name)  # makes what it is about, so that lists are full of it
    for name in names:
        for method, answer in world.ask(name, "stranger"):
            assert not world.others_in(answer), (method, name)


@pytest.mark.django_db
def test_a_visitor_is_asked_to_sign_in_and_led_back() -> None:
    world = World(Role.VISITOR)
    for name, _ in ROUTES:
        need = needs_of(name, "get")
        if need in {ANYBODY, PROOF, *HOUSE}:
            continue
        for method, answer in world.ask(name):
            assert asks_to_sign_in(answer), (method, name)
            if method == "get" and answer.status_code == 302:
                assert f"?next={world.belongings['own'].path(name)}" in unquote(answer.headers["Location"])


@pytest.mark.parametrize("name", sorted(PROVEN))
def test_what_is_grave_is_neither_shown_nor_done_without_a_proof(world: World, administrator: World, name: str) -> None:
    person = administrator if needs_of(name, "get") in HOUSE else world
    (_, got), (_, posted) = person.ask(name, proven_s_ago=601)
    for answer in (got, posted) if PROVEN[name] == TO_SEE else (posted,):
        assert answer.status_code == 302
        assert "reauthenticate" in answer.headers["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize("role", [*HOUSE_ROLES, Role.FINANCE])
def test_who_needs_a_second_factor_and_has_none_is_led_to_set_one_up(role: Role) -> None:
    world = World(role)
    Authenticator.objects.filter(user=world.actor).delete()
    theirs = {
        (name, method)
        for name, _ in ROUTES
        for method in METHODS.get(name, ("get", "post"))
        if is_of_a_role(needs_of(name, method)) and world.may(needs_of(name, method), "own")
    }
    assert theirs
    for name in sorted({name for name, _ in theirs}):
        for method, answer in world.ask(name, once=True):
            if (name, method) in theirs and not is_wrong_method(answer):
                assert answer.headers["Location"].startswith(reverse("mfa_index") + "?next="), (method, name)


@routes_needing(PROOF)
def test_without_proof_nothing_is_done_whoever_asks(world: World, administrator: World, name: str) -> None:
    for somebody in (world, administrator):
        assert all(400 <= answer.status_code < 500 for _, answer in somebody.ask(name))


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
