"""One address, one rule, wherever it is written."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from footlights.web.rules import put_together
from footlights.web.rules.needs import ANYBODY, OWNER, TO_SEE, Surface


def test_two_surfaces_may_not_speak_of_one_address() -> None:
    with pytest.raises(ImproperlyConfigured, match="watch:title"):
        put_together([Surface(needs={"watch:title": ANYBODY}), Surface(needs={"watch:title": OWNER})])


@pytest.mark.parametrize(
    "surface",
    [
        Surface(needs={}, proven={"watch:title": TO_SEE}),
        Surface(needs={}, background=frozenset({"watch:title"})),
    ],
)
def test_what_an_address_demands_stands_beside_its_rule(surface: Surface) -> None:
    with pytest.raises(ImproperlyConfigured, match="watch:title"):
        put_together([Surface(needs={"watch:title": ANYBODY}), surface])


def test_every_surface_keeps_its_rules() -> None:
    whole = put_together(
        [
            Surface(needs={"a": ANYBODY}, proven={"a": TO_SEE}),
            Surface(needs={"b": OWNER}, background=frozenset({"b"})),
        ]
    )

    assert (whole.needs, whole.proven, whole.background) == ({"a": ANYBODY, "b": OWNER}, {"a": TO_SEE}, {"b"})
