"""`footlights audit` says what was found and ends accordingly."""

import pytest
from click.testing import CliRunner

from footlights.audit.api import Act, record
from footlights.audit.testing import alter
from footlights.ops.cli import main

pytestmark = pytest.mark.django_db


def run(*arguments: str):
    return CliRunner().invoke(main, ["audit", *arguments])


def test_an_untouched_trail_verifies():
    record(act=Act.TITLE_CREATED)
    result = run("verify")
    assert (result.exit_code, "nothing was altered" in result.output) == (0, True)


def test_what_was_altered_is_named_and_the_command_fails():
    altered = record(act=Act.TITLE_CREATED)
    alter("update audit_record set act = 'title.deleted'")
    result = run("verify")
    assert result.exit_code == 1
    assert f"edited: record {altered}" in result.output


def test_a_printed_checkpoint_proves_a_removed_tail(tmp_path):
    assert "Nothing was recorded yet" in run("checkpoint").output
    record(act=Act.TITLE_CREATED)
    printed = run("checkpoint").output
    assert printed == run("checkpoint").output
    kept = tmp_path / "kept.txt"
    kept.write_text(printed)
    alter("delete from audit_record")
    alter("delete from audit_head")
    alter("delete from audit_checkpoint")
    assert run("verify").exit_code == 0
    result = run("verify", "--copy", str(kept))
    assert result.exit_code == 1
    assert "tail removed" in result.output
    assert run("keys").output.strip() in printed
