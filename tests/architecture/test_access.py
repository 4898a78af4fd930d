"""Every address has a declared rule, and nobody whom the rule leaves out is let in."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from footlights.web.access import RULES


def routes(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = ":".join(part for part in (namespace, entry.namespace) if part)
            yield from routes(entry, inner)
        else:
            yield ":".join(part for part in (namespace, entry.name or "") if part), entry


@pytest.mark.parametrize(
    ("name", "route"), [pytest.param(*each, id=each[0] or str(each[1].pattern)) for each in routes()]
)
def test_every_route_declares_who_may_use_it(name, route) -> None:
    assert name in RULES, f"{route.pattern} has no rule in footlights.web.access.RULES"
