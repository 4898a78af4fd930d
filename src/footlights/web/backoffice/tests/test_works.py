"""IT operators see how the works are and how to mend them; administrators change settings besides."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from footlights.accounts.api import Role
from footlights.accounts.testing import make_person
from footlights.alerts.api import Check, CheckLevel, note_checks
from footlights.kernel.clock import now
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db


def page(role=Role.OPERATOR):
    answer = sign_in_proven(Client(), make_person(roles=[role])).get(reverse("backoffice:works"))
    assert answer.status_code == 200
    return answer.content.decode()


def note(*checks, ago=timedelta()):
    at = now() - ago
    found = [Check("stage-left", what, seen, level, mend, at) for what, seen, level, mend in checks]
    note_checks(found, machine="stage-left", at=at)


GOOD = ("PostgreSQL", "18.4", CheckLevel.GOOD, "")
WRONG = ("Data folder", "/srv, 0.1 GiB free", CheckLevel.WRONG, "Free some space")


def test_each_part_is_told_with_what_it_is_for_and_how_to_mend_it():
    note(GOOD, WRONG)
    html = page()
    for words in ("stage-left", "Database: people", "0.1 GiB free", "→ Free some space", "1 part needs mending."):
        assert words in html


def test_all_well_is_said_so():
    note(GOOD)
    assert "Everything is as it should be." in page()


@pytest.mark.parametrize("ago", [None, timedelta(minutes=6)])
def test_when_nobody_looks_nothing_is_promised(ago):
    if ago:
        note(GOOD, ago=ago)
    html = page()
    assert "No worker has looked for a while" in html
    assert "Everything is as it should be." not in html


def test_settings_are_read_by_operators_and_changed_by_administrators(settings):
    parts = {"mail_url": "smtp://user:canary@mail.example:587", "database_url": "postgresql://u:canary@db.example/f"}
    settings.ENVIRONMENT = type(settings.ENVIRONMENT)(**{**vars(settings.ENVIRONMENT), **parts})
    change = f'href="{reverse("backoffice:settings")}"'
    html = page()
    assert all(words in html for words in ("mail.example", "db.example/f", "FOOTLIGHTS_MAIL_URL"))
    assert "canary" not in html
    assert change not in html
    assert change in page(Role.ADMINISTRATOR)
