"""What a buyer agrees to with the click on “Pay”, in the words they read: kept with the payment for who asks later.

Who buys at a distance may withdraw for fourteen days. What is watched at once is excepted only where the buyer wanted
that and knew it: Directive 2011/83/EU, article 16 (m), which also holds in the European Economic Area; in the United
Kingdom the Consumer Contracts Regulations 2013, regulation 37. Elsewhere nobody is asked. From a ticket to an event
at a set time nobody may withdraw (article 16 (l); regulation 28 (1)(h)): there is nothing to tick, as the page says.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from footlights.kernel.money import Money

WITHDRAW = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV"}
    | {"MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "IS", "LI", "NO", "GB"}
)
AT_ONCE = _("I want to watch at once, and know that my right to withdraw within 14 days ends with that.")
NO_WITHDRAWAL = _("A ticket to a broadcast at a set time cannot be withdrawn from.")
MISSING = _("Tick this to watch at once. Nothing was charged.")


class ConsentForm(forms.Form):
    """A box that nothing ticks but the buyer; only where they have something to lose by it."""

    at_once = forms.BooleanField(label=AT_ONCE, required=False)

    def __init__(
        self, data: Any = None, *, country: str, total: Money, is_business: bool, is_dated: bool = False
    ) -> None:
        super().__init__(data)
        self.total = total
        self.is_told = is_dated and country in WITHDRAW and bool(total)
        if country in WITHDRAW and total and not is_business and not is_dated:
            self.fields["at_once"].required = True
            self.fields["at_once"].error_messages["required"] = MISSING
        else:
            del self.fields["at_once"]

    @property
    def words(self) -> str:
        """For the payment's story. Of a form that is right."""
        paid = now_("Pressed “Pay %(total)s” under the whole price.") % {"total": self.total.format()}
        if self.is_told:
            paid = f"{NO_WITHDRAWAL} {paid}"
        return f"{now_('Ticked')}: “{AT_ONCE}” {paid}" if "at_once" in self.fields else paid
