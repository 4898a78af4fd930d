import uuid

from django import forms


class PurchaseForm(forms.Form):
    """One click on “Pay”. The key makes a second click, and a repeated one, the same purchase."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
