"""What a creator says of a collection or a season."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footlights.catalog.api import Collection


class CollectionForm(forms.Form):
    """Its words; those of a season besides."""

    name = forms.CharField(label=_("Name"), max_length=150, help_text=_("Such as: Season 1, or Short films 2026"))
    series = forms.CharField(
        label=_("Series"),
        required=False,
        max_length=150,
        help_text=_("What its seasons have in common. Seasons of one series lead to each other."),
    )
    number = forms.IntegerField(label=_("Season number"), required=False, min_value=0, max_value=999)
    description = forms.CharField(
        label=_("Description"), required=False, max_length=5000, widget=forms.Textarea({"rows": 4})
    )

    @classmethod
    def of(cls, collection: Collection) -> "CollectionForm":
        return cls(initial={name: getattr(collection, name) for name in ("name", "series", "number", "description")})

    def words(self) -> Any:
        """As the catalog takes them."""
        return {name: self.cleaned_data[name] for name in ("name", "series", "number", "description")}


class NewCollectionForm(CollectionForm):
    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=[("season", _("A season of a series")), ("collection", _("A collection"))],
        initial="season",
        widget=forms.RadioSelect,
    )
