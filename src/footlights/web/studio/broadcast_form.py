"""The form that announces a broadcast."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footlights.live.api import Access, Broadcast, NewBroadcast
from footlights.subscriptions.api import Plan
from footlights.web.studio.forms import MomentField


class BroadcastForm(forms.Form):
    """`audience` says in one choice who may watch and who finds it."""

    name = forms.CharField(label=_("Name"), max_length=150, help_text=_("What viewers see."))
    words = forms.CharField(
        label=_("What it is about"), required=False, max_length=5_000, widget=forms.Textarea({"rows": 4})
    )
    starts_at = MomentField(
        label=_("It starts"), required=False, help_text=_("Leave it empty if you start right away.")
    )
    audience = forms.ChoiceField(label=_("Who may watch"), widget=forms.RadioSelect)
    starts_by_itself = forms.BooleanField(
        label=_("Go on air as soon as my picture arrives"),
        required=False,
        help_text=_("Otherwise you see it first, and press a button when you are ready."),
    )

    def __init__(self, *args: Any, plans: list[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = [(f"members-{plan.tier}", _("Members, from “%(name)s” on") % {"name": plan.name}) for plan in plans]
        self._choices = [("everybody", _("Everybody")), ("link", _("Whoever has the link")), *members]
        self.fields["audience"].choices = self._choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["audience"].initial = "everybody"

    @classmethod
    def of(cls, broadcast: Broadcast, *, plans: list[Plan]) -> "BroadcastForm":
        return cls(
            plans=plans,
            initial={
                "name": broadcast.name,
                "words": broadcast.words,
                "starts_at": broadcast.starts_at,
                "audience": _audience_of(broadcast),
                "starts_by_itself": broadcast.starts_by_itself,
            },
        )

    @property
    def new(self) -> NewBroadcast:
        """What was typed."""
        typed = self.cleaned_data
        kind, _dash, tier = typed["audience"].partition("-")
        return NewBroadcast(
            name=typed["name"],
            words=typed["words"],
            starts_at=typed["starts_at"],
            access=Access.MEMBERS if kind == "members" else Access.EVERYBODY,
            tier=int(tier) if kind == "members" else None,
            is_listed=kind != "link",
            starts_by_itself=typed["starts_by_itself"],
        )


def _audience_of(broadcast: Broadcast) -> str:
    if broadcast.access is Access.MEMBERS:
        return f"members-{broadcast.tier}"
    return "everybody" if broadcast.is_listed else "link"
