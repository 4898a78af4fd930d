"""The roles of a team as the studio tells them, and the form that gives one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footlights.accounts.api import TEAM_ROLES, Role

WHAT_THEY_DO: dict[Role, Any] = {
    Role.CREATOR: _("Opened the channel, and may do everything in it."),
    Role.EDITOR: _("Uploads, edits and publishes titles. Sees how often they are watched, but no money."),
    Role.ANALYST: _("Sees the titles and how often they are watched. Changes nothing."),
    Role.FINANCE: _("Sees what titles earn, sets prices, gives money back. Signs in with a second step."),
    Role.MODERATOR: _("Will look after the chat of live shows. Until this service has some: sees the titles."),
}
CHOICES = [(role.value, role.words) for role in TEAM_ROLES]


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("What they will do"), choices=CHOICES)


class InviteForm(RoleForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("They get a link that is good once, for a week, and for them alone."),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )

    def choices(self) -> list[dict[str, Any]]:
        """Each role with what it does, for a list of radio buttons."""
        chosen = self["role"].value() or Role.EDITOR.value
        return [
            {"value": role.value, "label": role.words, "words": WHAT_THEY_DO[role], "is_chosen": role.value == chosen}
            for role in (Role.EDITOR, Role.ANALYST, Role.FINANCE, Role.MODERATOR)
        ]
