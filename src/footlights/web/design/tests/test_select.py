import pytest
from django import forms
from django.test.html import parse_html

from footlights.web.design.select import LongSelect

CHOICES = [("", "Not said"), ("de", "Deutsch"), ("x", '"><script>')]


@pytest.mark.parametrize("value", ["", "de", "gone", None])
def test_a_long_list_is_what_the_usual_one_would_be(value) -> None:
    attrs = {"id": "id_language", "aria-describedby": "id_language_help", "required": True}
    long, usual = LongSelect(choices=CHOICES), forms.Select(choices=CHOICES)
    assert parse_html(long.render("language", value, attrs)) == parse_html(usual.render("language", value, attrs))
