"""`footlights forget-second-step` lets somebody who lost theirs in again."""

import pytest
from click.testing import CliRunner

from footlights.accounts.api import has_second_factor
from footlights.accounts.testing import make_person, use_app
from footlights.ops.cli import main

pytestmark = pytest.mark.django_db


def test_the_operator_forgets_it_by_a_command():
    person = make_person()
    use_app(person)
    said = CliRunner().invoke(main, ["forget-second-step", person.email])
    assert person.email in said.output
    assert said.exit_code == 0
    assert not has_second_factor(person.pk)
