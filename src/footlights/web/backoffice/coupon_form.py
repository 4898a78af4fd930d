"""A coupon of the platform's, as an administrator says it: a channel's, with an end to what it can cost."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import parse_money
from footlights.monetization.api import HOUSE_MOST_BPS, NewCoupon
from footlights.web.studio.coupon_form import MEMBERS, CouponForm


class HouseCouponForm(CouponForm):
    """Good at every channel; never everything off, and neither for ever nor for everybody."""

    most = forms.CharField(
        label=_("At most"),
        required=False,
        max_length=20,
        help_text=_("However high a price is: each use costs you this much at most."),
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, titles=[], plans=[], **kwargs)
        kind, percent, title = self.fields["kind"], self.fields["percent"], self.fields["title"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101  as declared above
        assert isinstance(title, forms.ChoiceField)  # noqa: S101  as declared above
        kind.choices = [("percent", _("Percent")), ("amount", _("An amount"))]
        everything = now_("Everything one buys or rents")
        title.choices = [("", everything), (MEMBERS, now_("All memberships"))]
        most_percent = HOUSE_MOST_BPS // 100
        self.fields["percent"] = forms.IntegerField(
            label=percent.label, required=False, min_value=1, max_value=most_percent, initial=20
        )
        self.fields["uses_max"].help_text = _("You bear each use. Of many codes each is good once.")
        del self.fields["lasts"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("kind") == "percent":
            try:
                cleaned["most_money"] = parse_money(
                    cleaned.get("most") or "", cleaned.get("currency", ""), locale=get_language() or "en"
                )
            except InvalidInputError as error:
                self.add_error("most", str(error))
        return cleaned

    def new(self) -> NewCoupon:
        return self.as_new(most=self.cleaned_data.get("most_money"))
