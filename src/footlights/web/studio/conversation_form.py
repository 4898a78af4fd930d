"""The form that shows or hides the conversation beside a recording."""

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from footlights.engagement.api import find_replay


class ConversationForm(forms.Form):
    is_replaced = False  # the title plays another file than the recording

    is_shown = forms.BooleanField(
        label=_("Show the conversation beside the recording"),
        required=False,
        help_text=_(
            "Chat, polls and answers come at their moment, for whoever may watch."
            " Switched off, nobody sees them; nothing is deleted."
        ),
    )

    @classmethod
    def of(cls, title_id: UUID) -> "ConversationForm | None":
        """None for a title that had no room beside it."""
        replay = find_replay(title_id)
        if replay is None:
            return None
        form = cls(initial={"is_shown": replay.is_shown})
        form.is_replaced = replay.is_replaced
        return form
