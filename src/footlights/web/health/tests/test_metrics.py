import pytest
from django.test import Client

from footlights.accounts.testing import make_person

pytestmark = pytest.mark.django_db
TOKEN = "a-monitors-own-token"


@pytest.fixture
def _measured(settings, tmp_path, monkeypatch) -> None:
    make_person()
    settings.METRICS_TOKEN = TOKEN
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))


@pytest.mark.usefixtures("_measured")
@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", f"Bearer {TOKEN}x", "Basic x"])
def test_to_a_stranger_there_are_no_figures(sent) -> None:
    assert Client().get("/metrics", headers={"Authorization": sent}).status_code == 404


@pytest.mark.usefixtures("_measured")
def test_the_monitor_learns_which_jobs_wait() -> None:
    from procrastinate.contrib.django import app

    app.configure_task("media.probe", queue="media", allow_unknown=True).defer()
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert 'footlights_jobs{queue="media",status="todo"} 1.0' in answer.content.decode()


def test_without_a_token_set_nobody_is_answered(settings) -> None:
    make_person()
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
