"""The content security policy allows nothing inline; these hold every template of every surface to it."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2]
TEMPLATES = sorted(path for path in WEB.rglob("*.html") if "static" not in path.parts)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_nothing_is_inline(template: Path) -> None:
    html = template.read_text()
    assert not re.search(r"<[^>]*\sstyle\s*=", html), "an inline style"
    assert not re.search(r"<[a-z][^>]*\son[a-z]+\s*=", html), "an inline handler"
    assert "<style" not in html
    for script in re.findall(r"<script\b[^>]*>", html):
        assert "src=" in script or "application/" in script, "an inline script"
    assert not re.search(r'href="\s*javascript:', html)


@pytest.mark.django_db
def test_the_styleguide_exists_in_debug_alone(client, settings) -> None:
    assert client.get("/styleguide").status_code in {302, 404}
