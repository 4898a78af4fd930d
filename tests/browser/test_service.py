"""The whole service answers a real browser."""

import pytest

from footlights.accounts.testing import make_person

pytestmark = [pytest.mark.browser, pytest.mark.service]


def test_the_browser_is_signed_in_as_the_person_it_was_given(service, visit):
    visitor = visit(make_person())
    answer = visitor.context.request.get(f"{service.url}/account/", max_redirects=0)
    assert answer.status != 302
    stranger = visit()
    assert stranger.context.request.get(f"{service.url}/account/", max_redirects=0).status == 302
