"""The form that opens a title to a channel's members."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from footlights.monetization.api import Offer, OfferKind
from footlights.subscriptions.api import list_plans


class MembersForm(forms.Form):
    """From which tier on members may watch it, and whether it can be had in another way too."""

    tier = forms.TypedChoiceField(label=_("Part of a membership"), coerce=int, empty_value=None, required=False)
    only = forms.BooleanField(
        label=_("Only for members"),
        required=False,
        help_text=_("Nobody rents or buys it. Who has bought it keeps it."),
    )

    def __init__(self, *args: Any, channel_id: UUID, kept: int | None = None, **more: Any) -> None:
        """`kept`: the tier that holds now; it stays to choose where the channel no longer offers it to new members."""
        super().__init__(*args, **more)
        tiers = [(str(plan.tier), now_("%(name)s and up") % {"name": plan.name}) for plan in list_plans(channel_id)]
        if kept and str(kept) not in dict(tiers):
            tiers.append((str(kept), now_("Tier %(tier)d and up, which nobody new can join") % {"tier": kept}))
        field: Any = self.fields["tier"]
        field.choices = [("", now_("No")), *tiers]
        self.is_useful = bool(tiers) or bool(self.initial.get("tier"))

    @classmethod
    def of(cls, offers: Iterable[Offer], channel_id: UUID) -> "MembersForm":
        offers = list(offers)
        tier = tier_of(offers)
        return cls(
            initial={"tier": tier or "", "only": bool(tier) and len(offers) == 1}, channel_id=channel_id, kept=tier
        )


def tier_of(offers: Iterable[Offer]) -> int | None:
    """The tier of members that it is open to now."""
    return next((offer.tier for offer in offers if offer.kind is OfferKind.MEMBERS), None)
