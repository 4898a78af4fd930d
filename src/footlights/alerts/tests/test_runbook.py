from pathlib import Path

from footlights.alerts.detectors import Detectors
from footlights.alerts.kinds import Kind
from footlights.alerts.runbook import RUNBOOK, as_markdown

PAGE = Path(__file__).parents[4] / "docs/howto/alerts.md"


def test_every_kind_has_its_section_and_the_page_is_what_the_backoffice_shows():
    assert set(RUNBOOK) == set(Kind)
    assert PAGE.read_text() == as_markdown(), "write footlights.alerts.runbook.as_markdown() to docs/howto/alerts.md"


def test_every_kind_is_told_of_by_something():
    source = "".join(Path(Detectors.feed.__code__.co_filename).read_text())
    assert [kind for kind in Kind if f"Kind.{kind.name}" not in source] == []
