"""The studio's forms. They read what people typed; the contexts decide what is allowed and say so by field."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.numbers import get_currency_name
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from footlights.catalog import api as catalog
from footlights.catalog.api import Channel, Title
from footlights.kernel.errors import FootlightsError
from footlights.kernel.money import currencies_paid_with
from footlights.web.design.select import LongSelect

MAX_PICTURE_BYTES = 20 << 20
MAX_CAPTIONS_BYTES = 5 << 20

Choices = list[tuple[str, str]]


def blame(form: forms.Form, error: FootlightsError) -> None:
    """Show a context's error at the field it names, or above the form."""
    field = getattr(error, "field", None)
    form.add_error(field if field in form.fields else None, str(error))


class ChannelForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("What viewers see. You can change it later."))
    handle = forms.CharField(
        label=_("Address"),
        max_length=31,
        help_text=_("Letters a to z, digits and hyphens. It stays for good, so choose one you like."),
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )
    description = forms.CharField(label=_("About"), required=False, max_length=5000, widget=forms.Textarea({"rows": 4}))


class PictureField(forms.FileField):
    """A picture small enough to look at; media decides whether it really is one."""

    widget = forms.FileInput({"accept": "image/jpeg,image/png,image/webp,image/avif"})

    def clean(self, data: Any, initial: Any = None) -> "UploadedFile[Any] | None":
        file: UploadedFile[Any] | None = super().clean(data, initial)
        if file and (file.size or 0) > MAX_PICTURE_BYTES:
            raise forms.ValidationError(now_("That picture is larger than 20 MB. Choose a smaller one."))
        return file


class ChannelEditForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    description = forms.CharField(label=_("About"), required=False, max_length=5000, widget=forms.Textarea({"rows": 5}))
    avatar = PictureField(
        label=_("Picture"),
        required=False,
        help_text=_("Square, at least 400 × 400."),
    )
    banner = PictureField(
        label=_("Banner"),
        required=False,
        help_text=_("Wide, at least 1600 × 400."),
    )

    @classmethod
    def of(cls, channel: Channel) -> "ChannelEditForm":
        return cls(initial={"name": channel.name, "description": channel.description})


class EmbeddingForm(forms.Form):
    anywhere = forms.BooleanField(
        label=_("Any website may show my films"),
        required=False,
        help_text=_("What is paid stays paid: viewers still need their ticket."),
    )
    domains = forms.CharField(
        label=_("Only these websites"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 3, "placeholder": "example.org"}),
        help_text=_("One a line. This service itself always may."),
    )


def _category_choices() -> Choices:
    return [("", now_("None yet")), *((c.slug, c.label) for c in catalog.list_categories())]


def _language_choices() -> Choices:
    return [("", now_("Not said")), *((language.tag, language.label) for language in catalog.list_languages())]


def _spoken_choices() -> Choices:
    return [(language.tag, language.label) for language in catalog.list_languages()]


def currency_choices() -> Choices:
    """Every currency one can pay with, named for the reader."""
    reader = (get_language() or "en").replace("-", "_")
    return [(code, f"{code} · {get_currency_name(code, locale=reader)}") for code in currencies_paid_with()]


class DetailsForm(forms.Form):
    name = forms.CharField(label=_("Title"), max_length=150)
    description = forms.CharField(
        label=_("Description"), required=False, max_length=5000, widget=forms.Textarea({"rows": 6})
    )
    category = forms.ChoiceField(label=_("Category"), required=False, choices=_category_choices)
    language = forms.ChoiceField(
        label=_("Language spoken"), required=False, choices=_language_choices, widget=LongSelect
    )
    maturity = forms.ChoiceField(label=_("Who it is for"), choices=lambda: list(catalog.MATURITIES.items()))
    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=600, help_text=_("A few words, separated by commas.")
    )
    credit = forms.CharField(
        label=_("Credit line"), required=False, max_length=300, help_text=_("Such as: © Ana Silva, CC BY 4.0")
    )
    slug = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=80,
        help_text=_("Links to the old address keep working."),
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )

    @classmethod
    def of(cls, title: Title, *, prefix: str | None = None) -> "DetailsForm":
        fields = ("name", "description", "category", "language", "maturity", "credit", "slug")
        return cls(
            initial={name: getattr(title, name) for name in fields} | {"tags": ", ".join(title.tags)}, prefix=prefix
        )

    def changes(self) -> Any:
        """As catalog.edit_title takes them; an empty or missing address stays what it is."""
        sent = {name: value for name, value in self.cleaned_data.items() if self.add_prefix(name) in self.data}
        if "tags" in sent:
            sent["tags"] = sent["tags"].split(",")
        if not sent.get("slug"):
            sent.pop("slug", None)
        return sent


class PosterForm(forms.Form):
    picture = forms.UUIDField(required=False)
    image = PictureField(
        label=_("Upload your own"),
        required=False,
        help_text=_("JPEG, PNG, WebP or AVIF; wide (16:9) looks best, at least 1280 × 720."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned.get("picture") and not cleaned.get("image"):
            raise forms.ValidationError(now_("Choose one of the pictures, or upload your own."))
        return cleaned


class CaptionsForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=_spoken_choices, widget=LongSelect)
    file = forms.FileField(
        label=_("File"),
        help_text=_("WebVTT (.vtt) or SubRip (.srt)"),
        widget=forms.FileInput({"accept": ".vtt,.srt,text/vtt,application/x-subrip"}),
    )

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_CAPTIONS_BYTES:
            raise forms.ValidationError(now_("That file is larger than 5 MB, which captions never are."))
        return file


class MomentWidget(forms.DateTimeInput):
    """A datetime-local field in the reader's zone, which a hidden field beside it names; rendered in UTC."""

    input_type = "datetime-local"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:  # noqa: ARG002  Django's signature
        text, zone = data.get(name) or "", data.get(f"{name}_zone") or "UTC"
        if not text:
            return None
        try:
            return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        except (ValueError, OverflowError, ZoneInfoNotFoundError, OSError):
            return text

    def format_value(self, value: Any) -> str | None:
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else value


class MomentField(forms.Field):
    """A moment, whatever the reader's zone: an aware UTC datetime."""

    widget = MomentWidget

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        if not isinstance(value, datetime):
            raise forms.ValidationError(now_("That is not a date and time. Write it like 2026-05-01 20:00."))
        return value


class VisibilityForm(forms.Form):
    state = forms.ChoiceField(
        label=_("Who can see it"),
        choices=[
            ("draft", _("Only you")),
            ("unlisted", _("Whoever has the link")),
            ("published", _("Everybody")),
            ("scheduled", _("Everybody, from a moment on")),
        ],
        widget=forms.RadioSelect,
    )
    publish_at = MomentField(label=_("From"), required=False)

    @classmethod
    def of(cls, title: Title) -> "VisibilityForm":
        return cls(
            initial={"state": title.state, "publish_at": title.publish_at if title.state == "scheduled" else None}
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("state") == "scheduled" and not cleaned.get("publish_at") and "publish_at" not in self.errors:
            self.add_error("publish_at", now_("Choose the day and the time."))
        return cleaned


class BulkForm(forms.Form):
    """What to do with the chosen titles."""

    act = forms.ChoiceField(
        choices=[(act, act) for act in ("publish", "unlist", "unpublish", "delete", "category", "maturity")]
    )
    category = forms.ChoiceField(required=False, choices=_category_choices)
    maturity = forms.ChoiceField(required=False, choices=lambda: list(catalog.MATURITIES.items()))


STATES = [
    ("", _("All")),
    ("published", _("Public")),
    ("draft", _("Drafts")),
    ("scheduled", _("Scheduled")),
    ("unlisted", _("By link")),
    ("deleted", _("Deleted")),
]


class FilterForm(forms.Form):
    """What the list of titles shows."""

    state = forms.ChoiceField(required=False, choices=STATES)
    q = forms.CharField(
        label=_("Find a title"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"type": "search", "placeholder": _("Find a title"), "class": "input"}),
    )
    category = forms.ChoiceField(
        label=_("Category"),
        required=False,
        choices=lambda: [("", now_("All categories")), *_category_choices()[1:]],
        widget=forms.Select({"class": "input"}),
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=1000)


def prefix_of(title: Title) -> str:
    """Sets the fields of one title's card apart from those of another's on the same page."""
    return title.id.hex[-8:]


def sent_ids(values: Iterable[str]) -> list[UUID]:
    """The ids a form sent. Raises Http404 for what is none."""
    try:
        return list(dict.fromkeys(UUID(value) for value in values))
    except ValueError as error:
        raise Http404 from error
