"""Codes for the press, as a creator asks for them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from footlights.catalog.api import Title
from footlights.kernel.clock import now
from footlights.monetization.api import NewPressPass
from footlights.web.design.select import LongSelect
from footlights.web.studio.forms import MomentField

WEEKS = 4
NAMES_LENGTH_MAX = 20_000


class PressForm(forms.Form):
    """One code for each name, and some without."""

    title = forms.ChoiceField(label=_("For"), required=False, widget=LongSelect)
    outlets = forms.CharField(
        label=_("Who gets one"),
        required=False,
        max_length=NAMES_LENGTH_MAX,
        help_text=_("One name on each line, such as The Evening Post. Each gets a code of its own."),
        widget=forms.Textarea({"rows": 4}),
    )
    watches_max = forms.IntegerField(
        label=_("How often each may watch it"), min_value=1, max_value=20, initial=2, help_text=_("Each time: a day.")
    )
    ends_at = MomentField(label=_("Begin by"), help_text=_("What was begun goes on for its day"))
    spare = forms.IntegerField(label=_("Codes without a name"), required=False, min_value=0, max_value=200, initial=0)

    def __init__(self, *args: Any, titles: list[Title], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["title"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [*((str(title.id), title.name) for title in titles), ("", now_("Everything that is out"))]
        field.initial = field.choices[0][0]  # the newest film, which is what the press is asked to see
        self.fields["ends_at"].initial = (now() + timedelta(weeks=WEEKS)).replace(second=0, microsecond=0)

    def new(self) -> NewPressPass:
        sent = self.cleaned_data
        return NewPressPass(
            title_id=UUID(sent["title"]) if sent["title"] else None,
            outlets=tuple(sent["outlets"].splitlines()),
            spare=sent["spare"] or 0,
            watches_max=sent["watches_max"],
            ends_at=sent["ends_at"],
        )
