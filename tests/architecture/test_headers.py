"""What browsers are told with every answer: one walk over every address, by a visitor, a person and an administrator."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db
ANY_ID = "01a20000-0000-7000-8000-000000000000"
PLAIN = {"kind": "titles", "page": 1, "number": 0, "tier": 1, "pk": 1, "job_id": 1, "provider_id": "school"}
EVERYBODYS = {"watch:embed", "watch:oembed", "storefront:feed", "storefront:sitemap", "storefront:sitemap_page",
              "storefront:robots", "watch:speculation_rules"}  # fmt: skip
SHOWS_OBJECTS = {
    "storefront:home",
    "storefront:search",
    "storefront:category",
    "storefront:channel",
    "storefront:title",
}

COOKIES = """
import django
django.setup()
from django.conf import settings as s
from footlights.web.account.browser import COOKIE as device
from footlights.web.design.messages import MessageCookie
from footlights.web.watch.browser_session import COOKIE as screen
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, device, screen, MessageCookie.cookie_name)
print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY)
print(s.SESSION_COOKIE_SAMESITE, s.CSRF_COOKIE_SAMESITE, s.SECURE_HSTS_SECONDS)
"""


def addresses() -> list[tuple[str, str]]:
    found = []

    def walk(resolver: Any, namespace: str, outer: frozenset[str]) -> None:
        for entry in resolver.url_patterns:
            names = outer | entry.pattern.regex.groupindex.keys()
            if hasattr(entry, "url_patterns"):
                walk(entry, ":".join(filter(None, (namespace, entry.namespace))), names)
            elif entry.name:
                name = ":".join(filter(None, (namespace, entry.name)))
                found.append((name, reverse(name, kwargs={each: PLAIN.get(each, ANY_ID) for each in names})))

    walk(get_resolver(), "", frozenset())
    return found


@pytest.fixture
def people() -> list[Client]:
    return [
        Client(),
        sign_in_proven(Client(), make_person()),
        sign_in_proven(Client(), make_person(is_staff=True)),
    ]


def test_every_answer_says_what_a_browser_may_do_with_it(people) -> None:
    wrong = []
    for name, path in addresses():
        for client in people:
            answer = client.get(path)
            policy = answer.headers.get("Content-Security-Policy", "")
            kept = answer.headers.get("Cache-Control", "")
            expected = {
                "sniffing": answer.headers.get("X-Content-Type-Options") == "nosniff",
                "referrer": answer.headers.get("Referrer-Policy") == "strict-origin-when-cross-origin",
                "permissions": "camera=()" in answer.headers.get("Permissions-Policy", ""),
                "opener": answer.headers.get("Cross-Origin-Opener-Policy") == "same-origin",
                "frames": "frame-ancestors 'none'" in policy and answer.headers.get("X-Frame-Options") == "DENY",
                "scripts": "script-src 'self'" in policy and "unsafe" not in policy and "form-action 'self'" in policy,
                "kept": "no-store" in kept or ("private" in kept and name in SHOWS_OBJECTS) or name in EVERYBODYS,
                "cors": "Access-Control-Allow-Origin" not in answer.headers,
            }
            wrong += [f"{name} ({answer.status_code}): {each}" for each, holds in expected.items() if not holds]
    assert wrong == []
    assert len(addresses()) > 100


def test_only_the_embedded_player_is_shown_in_frames_and_only_where_its_channel_says(settings) -> None:
    title = make_title(make_channel(make_person()))
    answer = Client().get(reverse("watch:embed", args=[title.id]))
    assert answer.status_code == 200
    assert "X-Frame-Options" not in answer.headers
    assert "frame-ancestors 'self';" in answer.headers["Content-Security-Policy"] + ";"


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"Forwarded": "host=evil.example"},
        {"X-Original-URL": "/backoffice/"},
        {"X-Rewrite-URL": "/backoffice/"},
        {"X-HTTP-Method-Override": "DELETE"},
    ],
)
def test_nothing_a_sender_says_of_itself_changes_where_it_is(headers) -> None:
    make_person()
    answer = Client().get("/account/login/", headers=headers)
    assert (answer.status_code, b"evil.example" in answer.content) == (200, False)


def test_a_request_for_another_host_is_refused(settings) -> None:
    settings.ALLOWED_HOSTS = ["tv.example"]
    assert Client().get("/account/login/", headers={"Host": "evil.example"}).status_code == 400


def test_cookies_are_the_hosts_alone_once_there_is_tls() -> None:
    """The settings are read anew as a public installation reads them."""
    public = {"FOOTLIGHTS_SITE_URL": "https://tv.example", "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE}
    said = subprocess.run(
        [sys.executable, "-c", COOKIES], env=os.environ | public, capture_output=True, text=True, check=True
    ).stdout.split()
    assert all(name.startswith("__Host-") for name in said[:5])
    assert said[5:] == ["True", "True", "True", "True", "Lax", "Lax", "31536000"]
