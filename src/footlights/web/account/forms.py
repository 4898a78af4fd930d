from django import forms
from django.utils.translation import gettext_lazy as _


class NameForm(forms.Form):
    display_name = forms.CharField(
        label=_("Your name"),
        help_text=_("What others see. Without one they see the first part of your e-mail address."),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
