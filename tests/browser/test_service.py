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


def test_the_edge_serves_what_lies_in_the_data_folder_but_nothing_hidden_or_half_written(service, visit):
    request = visit().context.request
    folder = service.home / "service-objects" / "media" / "edge"
    folder.mkdir(parents=True)
    for name in ("seen.vtt", ".hidden.vtt", "half.vtt#1"):
        (folder / name).write_text("WEBVTT")
    (folder / ".inner").mkdir()
    (folder / ".inner" / "seen.vtt").write_text("WEBVTT")
    answers = {
        path: request.get(f"{service.url}/media/edge/{path}").status
        for path in ("seen.vtt", ".hidden.vtt", "half.vtt%231", ".inner/seen.vtt", "%2einner/seen.vtt")
    }
    assert answers.pop("seen.vtt") == 200
    assert set(answers.values()) == {404}
    assert request.get(f"{service.url}/static/icon.svg").status == 200
