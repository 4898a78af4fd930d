import psycopg
import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django import app

from footlights.accounts.testing import make_person
from footlights.web.errors import views

PAGES = {
    views.missing: 404,
    views.denied: 403,
    views.unreadable: 400,
    views.broken: 500,
    views.stale_form: 403,
    views.only_a_form: 405,
}


@pytest.mark.parametrize("show", PAGES, ids=lambda view: view.__name__)
def test_each_says_what_is_safe_and_what_to_do_and_asks_no_database(show) -> None:
    """No database mark: a query would fail the test, as it would fail the page."""
    answer = show(RequestFactory().get("/somewhere?x=1"))
    html = answer.content.decode()
    assert answer.status_code == PAGES[show]
    assert html.count("<h1") == 1
    assert "button-primary" in html
    assert 'name="robots" content="noindex"' in html


def test_a_broken_page_offers_to_try_the_same_again() -> None:
    assert 'href="/somewhere?x=1&amp;y=2"' in views.broken(RequestFactory().get("/somewhere?x=1&y=2")).content.decode()


def test_a_broken_form_is_not_sent_again_by_a_link() -> None:
    assert ">Try again<" not in views.broken(RequestFactory().post("/checkout")).content.decode()


@pytest.mark.django_db
def test_whoever_opens_an_address_that_only_takes_a_form_is_told_so(client) -> None:
    client.force_login(make_person())
    answer = client.get("/account/payouts/asked")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "There is nothing to see at this address" in answer.content.decode()


def test_the_chosen_theme_holds_on_error_pages() -> None:
    request: HttpRequest = RequestFactory().get("/nowhere")
    request.COOKIES["theme"] = "light"
    assert 'data-theme="light"' in views.missing(request).content.decode()


@pytest.mark.parametrize("fault", ["the connection is lost", "the disk is full", "the queue's connection is lost"])
@pytest.mark.django_db(transaction=True)
def test_while_the_database_is_away_a_page_asks_for_patience(client, monkeypatch, fault) -> None:
    """The real errors of the real server: a connection ended by it, and its refusal for want of space."""
    make_person()
    client.raise_request_exception = False

    def fail(*_args, **_options):
        pid = connection.connection.info.backend_pid
        if fault == "the disk is full":
            connection.cursor().execute("do $$ begin raise exception 'no space' using errcode = 'disk_full'; end $$")
        with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
            other.execute("select pg_terminate_backend(%s, 5000)", [pid])
        if "queue" in fault:
            app.configure_task("nobody.does.this").defer()
        connection.cursor().execute("select 1")

    connection.ensure_connection()
    monkeypatch.setattr("footlights.web.storefront.views.search_titles", fail)
    answer = client.get("/search?q=film")
    connection.close()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "A short interval" in answer.content.decode()


@pytest.mark.django_db
def test_an_unknown_address_gets_our_page(client) -> None:
    make_person()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get("/no/such/page")
    assert answer.status_code == 404
    assert "not on the programme" in answer.content.decode()
    assert len(queries) == 0


@pytest.mark.django_db
def test_a_form_without_its_token_is_told_that_nothing_happened() -> None:
    from django.test import Client

    make_person()
    answer = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "a@example.org", "password": "x"})
    assert answer.status_code == 403
    assert "nothing was changed" in answer.content.decode()
