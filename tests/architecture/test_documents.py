"""The documents say what the code does."""

import configparser
import re
import shlex
from pathlib import Path

from footlights.ops import cli, roles_page

ROOT = Path(__file__).parents[2]
SETTING = re.compile(r"""["'](FOOTLIGHTS_[A-Z_]+|DATABASE_URL)["']""")


def test_every_setting_is_in_the_reference_and_none_is_invented():
    code = "\n".join(path.read_text() for path in (ROOT / "src").rglob("*.py") if "tests" not in path.parts)
    written = set(re.findall(r"`(FOOTLIGHTS_[A-Z_]+|DATABASE_URL)`", (ROOT / "docs/reference/settings.md").read_text()))
    assert written == set(SETTING.findall(code))


def test_the_unit_for_systemd_calls_the_command_as_it_is():
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(ROOT / "deploy/footlights.service")
    program, verb, *options = shlex.split(unit["Service"]["ExecStart"])
    assert program.endswith("/footlights")
    known = {option for parameter in cli.main.commands[verb].params for option in parameter.opts}
    assert {option for option in options if option.startswith("--")} <= known


def test_the_page_of_roles_says_what_the_table_says():
    """Write it anew with `footlights roles > docs/reference/roles.md`."""
    assert (ROOT / "docs/reference/roles.md").read_text() == roles_page.page()


def test_links_between_documents_lead_somewhere():
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{document.name}: {target}"
        for document in documents
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text())
        if not (document.parent / target).exists()
    ]
    assert broken == []


def test_every_context_is_on_the_map():
    page = (ROOT / "ARCHITECTURE.md").read_text()
    contexts = {path.name for path in (ROOT / "src/footlights").iterdir() if (path / "__init__.py").exists()}
    assert [name for name in contexts - {"config"} if f"`{name}`" not in page] == []
