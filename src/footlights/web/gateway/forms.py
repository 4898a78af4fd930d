from django import forms

from footlights.payments.api import sandbox


class CardForm(forms.Form):
    """Which of the sandbox's test cards to pay with."""

    card = forms.ChoiceField(choices=[(code, card.name) for code, card in sandbox.CARDS.items()])

    def chosen(self) -> sandbox.Card:
        return sandbox.CARDS[self.cleaned_data["card"]]


class BankForm(forms.Form):
    """Which of the sandbox's test banks earnings go to."""

    bank = forms.ChoiceField(choices=[(code, bank.name) for code, bank in sandbox.BANKS.items()])
