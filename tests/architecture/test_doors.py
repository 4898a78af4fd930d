"""What import-linter's layers do not say: contexts are entered by their doors, files stay short, pages carry nothing inline."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "footlights"
OPEN_TO_ALL = {"kernel", "config"}  # the kernel is all door
DOORS = {"api", "events"}
LINES_MAX = 400
PYTHON = [path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]
TEMPLATES = [path for path in SOURCE.rglob("*.html") if "static" not in path.parts]
INLINE = re.compile(
    r"""\sstyle\s*=\s*["']|\son[a-z]+\s*=\s*["']|<style[\s>]|<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)""",
    re.IGNORECASE,
)


def imports_of(path: Path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def strangers_doors(path: Path):
    """Modules of other contexts that `path` enters other than by their doors."""
    own = path.relative_to(SOURCE).parts[0]
    for name in imports_of(path):
        parts = name.split(".")
        if len(parts) < 3 or parts[0] != "footlights" or parts[1] == own or parts[1] in OPEN_TO_ALL:
            continue
        if parts[2] not in DOORS:
            yield name


def test_contexts_are_entered_by_their_doors_only():
    """Tests may look behind a door to see what happened, and the simulated month is one; the product may not."""
    product = [path for path in PYTHON if not {"tests", "testing.py", "simulate"} & set(path.parts)]
    guilty = {str(path.relative_to(SOURCE)): list(strangers_doors(path)) for path in product}
    assert {name: doors for name, doors in guilty.items() if doors} == {}


def test_the_rule_sees_a_broken_door(tmp_path, monkeypatch):
    monkeypatch.setattr(f"{__name__}.SOURCE", tmp_path)
    guilty = tmp_path / "catalog" / "sneaky.py"
    guilty.parent.mkdir()
    guilty.write_text("from footlights.media.models import Asset\nfrom footlights.media.api import get_asset\n")
    assert list(strangers_doors(guilty)) == ["footlights.media.models.Asset"]


def test_no_file_is_longer_than_two_should_be():
    counts = {str(path.relative_to(SOURCE)): len(path.read_text().splitlines()) for path in PYTHON}
    assert {name: count for name, count in counts.items() if count > LINES_MAX} == {}


def test_pages_carry_nothing_inline():
    guilty = {str(path.relative_to(SOURCE)): INLINE.findall(path.read_text()) for path in TEMPLATES}
    assert {name: found for name, found in guilty.items() if found} == {}


def test_the_rule_sees_what_is_inline():
    assert INLINE.search('<p style="color: red">')
    assert INLINE.search('<a onclick="go()">')
    assert INLINE.search("<script>go()</script>")
    assert not INLINE.search('<script src="/static/x.js" type="module"></script>')
