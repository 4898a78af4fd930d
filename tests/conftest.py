"""The real service and a real browser for tests, started once a run and only when a test asks for them."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from footlights.kernel import environment, storage
from footlights.ops import migrated
from footlights.ops.instance import Instance, running

DATABASE = "service"
LOG_LINES = 80
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
AXE = (Path(__file__).parents[1] / "node_modules/axe-core/axe.min.js").read_text()
BARRIERS = """
async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" ")}`);
}
"""
CHROMIUMS = ("chromium-headless-shell", "chromium", "google-chrome")  # the first draws no window: a third of the work
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
# Playwright's own event loop runs in this thread, and Django takes it for an async caller.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def _service(django_db_setup, django_db_blocker, openid_provider) -> Iterator[Instance]:
    """`footlights up` on the run's own PostgreSQL and keyset, with objects and a copy of the migrated database of its own.

    People may sign in to it by The School, too, a real OpenID provider.
    """
    home = environment.load().home
    with psycopg.connect(dbname="postgres", host=home / "run", user="footlights", autocommit=True) as database:
        database.execute(f"create database {DATABASE} template {migrated.DATABASE}")
        # PostgreSQL logs 32 numbers of a sequence at once, and of a copied sequence none until a checkpoint has been: after
        # a crash it would give out numbers that rows have already.
        database.execute("checkpoint")
    with running(
        home=home,
        settings={
            "DATABASE_URL": f"postgresql:///{DATABASE}?host={home / 'run'}&user=footlights",
            "FOOTLIGHTS_STORAGE_URL": f"file://{home / 'service-objects'}",
            "FOOTLIGHTS_OUTGOING_HOSTS": "127.0.0.1",  # where tests receive webhooks
            "FOOTLIGHTS_INGESTS": "2",
            "FOOTLIGHTS_OIDC_SCHOOL_URL": openid_provider,
            "FOOTLIGHTS_OIDC_SCHOOL_ID": "films",
            "FOOTLIGHTS_OIDC_SCHOOL_SECRET": "s",
            "FOOTLIGHTS_OIDC_SCHOOL_NAME": "The School",
        },
    ) as instance:
        yield instance


@pytest.fixture
def service(_service: Instance, django_db_blocker, monkeypatch: pytest.MonkeyPatch) -> Iterator[Instance]:
    """The running service; Django in the test then reads and writes the service's own rows and objects.

    Nothing is rolled back: each test makes what it needs, under names of its own.
    """
    objects = _service.home / "service-objects"
    monkeypatch.setenv("FOOTLIGHTS_STORAGE_URL", f"file://{objects}")
    monkeypatch.setattr(settings, "SITE_URL", _service.url)
    storage._store.cache_clear()
    name = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        _use_database(DATABASE)
        try:
            yield _service
        finally:
            _use_database(name)
            storage._store.cache_clear()


def _use_database(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A failed test tells what PostgreSQL and the service wrote meanwhile, and which jobs were left."""
    report = yield
    if report.failed and report.when == "call":
        postgres = environment.load().home / "postgres.log"
        report.sections.append(("postgres log", _tail(postgres.read_text(errors="replace"))))
        service = getattr(item, "funcargs", {}).get("service")
        if isinstance(service, Instance):
            report.sections.append(("service log", _tail(service.log)))
            with suppress(psycopg.OperationalError):  # a flow's service has a PostgreSQL of its own
                report.sections.append(("jobs", _jobs()))
    return report


def _jobs() -> str:
    """Each job that waits or runs, and when its worker was last heard of."""
    with psycopg.connect(dbname=DATABASE, host=environment.load().home / "run", user="footlights") as database:
        rows = database.execute(
            "select j.id, j.queue_name, j.task_name, j.args, j.lock, j.status, j.attempts, j.scheduled_at, j.worker_id,"
            " w.last_heartbeat, now() from procrastinate_jobs j left join procrastinate_workers w on w.id = j.worker_id"
            " where j.status in ('todo', 'doing') order by j.id"
        ).fetchall()
    return "\n".join(str(row) for row in rows)


def _tail(log: str) -> str:
    return "\n".join(log.splitlines()[-LOG_LINES:])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if not program:
        pytest.fail("Browser tests need Chromium: apt install chromium, or set CHROMIUM to its program.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def user_agent(browser: Browser) -> str:
    page = browser.new_page()
    try:
        return str(page.evaluate("navigator.userAgent"))
    finally:
        page.close()


class Visitor:
    """One person's browser: a context of its own, signed in or not. `errors` holds what its console complained about."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.url = url
        self.errors: list[str] = []
        context.on("page", self._listen)
        context.on("weberror", lambda error: self.errors.append(f"error: {error.error}"))

    def open(self, path: str = "/") -> Page:
        page = self.context.new_page()
        page.goto(f"{self.url}{path}")
        return page

    def _listen(self, page: Page) -> None:
        page.on("console", lambda message: message.type == "error" and self.errors.append(message.text))


@pytest.fixture
def visit(service: Instance, browser: Browser, user_agent: str) -> Iterator[Callable[..., Visitor]]:
    """Make a visitor: `visit()` a stranger without an account, `visit(user)` signed in, `visit(phone=True)` on a phone.

    At the end no visitor's console may have complained (errors, refused by the content security policy); a test that
    provokes a complaint clears that visitor's `errors`.
    """
    visitors: list[Visitor] = []

    def make(user: Any = None, *, phone: bool = False, **options: Any) -> Visitor:
        context = browser.new_context(
            viewport=PHONE if phone else DESK, has_touch=phone, locale="en-GB", timezone_id="Europe/Berlin", **options
        )
        context.set_default_timeout(15_000)
        if user:
            context.add_cookies(_sign_in_cookies(user, service.url, user_agent))
        visitors.append(Visitor(context, service.url))
        return visitors[-1]

    yield make
    for visitor in visitors:
        visitor.context.close()
    assert [error for visitor in visitors for error in visitor.errors] == []


@pytest.fixture
def page(visit: Callable[..., Visitor]) -> Page:
    """A page of a stranger on a desk."""
    visitor = visit()
    return visitor.context.new_page()


@pytest.fixture
def barriers() -> Callable[[Page], list[str]]:
    """What stands in somebody's way on a page, on a desk in light and on a phone in the dark.

    axe-core's findings, and whether it is wider than its screen.
    """

    def find(page: Page) -> list[str]:
        found, was = [], page.viewport_size
        page.evaluate(AXE)
        for name, size, scheme in (("desk, light", DESK, "light"), ("phone, dark", PHONE, "dark")):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found += [f"{name}: {each}" for each in page.evaluate(BARRIERS)]
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                found.append(f"{name}: wider than its screen")
        page.set_viewport_size(was)
        return found

    return find


@pytest.fixture
def small_disk() -> Callable[[Path, str], AbstractContextManager[None]]:
    """`with small_disk(folder, "12m"):` that folder is a real file system of that size. Only root may mount one."""
    return _mounted


@contextmanager
def _mounted(folder: Path, size: str) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode != 0:
        pytest.skip("only root may mount a file system to fill up")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _sign_in_cookies(user: Any, url: str, user_agent: str) -> list[dict[str, str]]:
    """A session in which the person proved just now who they are, and their browser's own cookie."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from footlights.accounts.sessions import SessionStore
    from footlights.web.account.browser import COOKIE
    from footlights.web.account.proof import PROOF
    from footlights.web.account.testing import BROWSER, proof_of

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[PROOF] = proof_of(user, user_agent=user_agent)
    session.save()
    cookies = {settings.SESSION_COOKIE_NAME: session.session_key or "", COOKIE: BROWSER}
    return [{"name": name, "value": value, "url": url} for name, value in cookies.items()]
