"""Which other services' accounts people may sign in with: read from the environment, as django-allauth wants it.

A service is offered only when it is configured. Never talks to one.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from footlights.kernel.errors import FootlightsError

OPENID = re.compile(r"FOOTLIGHTS_OIDC_([A-Z0-9]+)_URL")
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
PLAIN = (
    ("google", "Google", "FOOTLIGHTS_GOOGLE_ID", "FOOTLIGHTS_GOOGLE_SECRET"),
    ("facebook", "Facebook", "FOOTLIGHTS_FACEBOOK_ID", "FOOTLIGHTS_FACEBOOK_SECRET"),
    ("twitter_oauth2", "X", "FOOTLIGHTS_X_ID", "FOOTLIGHTS_X_SECRET"),
)
PKCE = {"google", "twitter_oauth2"}


class ServiceSettingsError(FootlightsError):
    code = "service_settings"


def read_services(environ: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """SOCIALACCOUNT_PROVIDERS. Raises ServiceSettingsError when a service is configured by half, or in clear."""
    providers: dict[str, dict[str, Any]] = {}
    for provider, name, client_id, secret in PLAIN:
        if environ.get(client_id):
            app = {"name": name, "client_id": environ[client_id], "secret": _need(environ, secret)}
            providers[provider] = {"APPS": [app], "OAUTH_PKCE_ENABLED": provider in PKCE}
    if environ.get("FOOTLIGHTS_APPLE_ID"):
        providers["apple"] = {"APPS": [_apple_app(environ)]}
    if names := sorted(match[1] for each in environ if (match := OPENID.fullmatch(each)) and environ[each]):
        apps = [_openid_app(environ, name) for name in names]
        providers["openid_connect"] = {"APPS": apps, "OAUTH_PKCE_ENABLED": True}
    return providers


def _apple_app(environ: Mapping[str, str]) -> dict[str, Any]:
    """Apple is not sent a secret: it is sent what a key of its own signed."""
    return {
        "name": "Apple",
        "client_id": environ["FOOTLIGHTS_APPLE_ID"],
        "secret": _need(environ, "FOOTLIGHTS_APPLE_KEY_ID"),
        "key": _need(environ, "FOOTLIGHTS_APPLE_TEAM_ID"),
        "settings": {"certificate_key": _need(environ, "FOOTLIGHTS_APPLE_SECRET").replace("\\n", "\n")},
    }


def _openid_app(environ: Mapping[str, str], name: str) -> dict[str, Any]:
    url = environ[f"FOOTLIGHTS_OIDC_{name}_URL"].rstrip("/")
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ServiceSettingsError(f"FOOTLIGHTS_OIDC_{name}_URL must begin with https://, for it carries sign-ins.")
    return {
        "provider_id": name.lower(),
        "name": environ.get(f"FOOTLIGHTS_OIDC_{name}_NAME") or name.capitalize(),
        "client_id": _need(environ, f"FOOTLIGHTS_OIDC_{name}_ID"),
        "secret": _need(environ, f"FOOTLIGHTS_OIDC_{name}_SECRET"),
        "settings": {"server_url": url},
    }


def _need(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name)
    if not value:
        raise ServiceSettingsError(f"Set {name} too, or take the service's other settings away.")
    return value
