"""The form that announces a broadcast, and says who comes in: everybody, members, whoever has a ticket."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import Money, parse_money
from footlights.live.api import Access, Broadcast, Latency, NewBroadcast, Replay
from footlights.monetization.api import EarlyPrice, NewOffer, Offer, OfferKind
from footlights.subscriptions.api import Plan
from footlights.web.design.select import LongSelect
from footlights.web.studio.forms import MomentField, PictureField, currency_choices
from footlights.web.studio.price_form import amount_field, plain_amount

FOR_EVER = -1
REPLAYS = [
    (7, _("For a week")),
    (30, _("For 30 days")),
    (FOR_EVER, _("For ever")),
    (2, _("For two days")),
    (0, _("Not at all: live only")),
]


class BroadcastForm(forms.Form):
    """`audience` says in one choice who may watch and who finds it; with tickets there are a few words more."""

    name = forms.CharField(label=_("Name"), max_length=150, help_text=_("What viewers see."))
    words = forms.CharField(
        label=_("What it is about"), required=False, max_length=5_000, widget=forms.Textarea({"rows": 4})
    )
    starts_at = MomentField(
        label=_("It starts"), required=False, help_text=_("Leave it empty if you start right away.")
    )
    poster = PictureField(
        label=_("Poster"),
        required=False,
        help_text=_("Wide (16:9), at least 1280 × 720. Without one people see your channel's own picture."),
    )
    audience = forms.ChoiceField(label=_("Who may watch"), widget=forms.RadioSelect)
    afterwards = forms.ChoiceField(
        label=_("Afterwards"),
        widget=forms.RadioSelect,
        initial=Replay.SHARED,
        required=False,
        choices=[
            (Replay.SHARED, _("Whoever could watch can watch it again")),
            (Replay.OURS, _("Only we get the recording, as a draft")),
            (Replay.NONE, _("Nothing is kept")),
        ],
    )
    latency = forms.ChoiceField(
        label=_("How soon viewers see you"),
        widget=forms.RadioSelect,
        initial=Latency.STANDARD,
        required=False,
        choices=[
            (Latency.STANDARD, _("After six or seven seconds: steady, even where the connection is weak")),
            (Latency.LOW, _("After two or three seconds: for talking with each other, on good connections")),
        ],
        help_text=_("A change counts from when your encoder next connects."),
    )
    starts_by_itself = forms.BooleanField(
        label=_("Go on air as soon as my picture arrives"),
        required=False,
        help_text=_("Otherwise you see it first, and press a button when you are ready."),
    )

    price = amount_field(_("A ticket costs"))
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices, widget=LongSelect, required=False)
    replay = forms.TypedChoiceField(
        label=_("The recording, for ticket holders"), choices=REPLAYS, coerce=int, empty_value=None, required=False
    )
    early = amount_field(_("Early price"), _("Empty: it always costs the same."))
    early_until = MomentField(label=_("Until"), required=False)
    members = forms.TypedChoiceField(label=_("Members without a ticket"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, plans: list[Plan], currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].initial = currency
        self.fields["members"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("None: they buy one too")),
            *((plan.tier, _("From “%(name)s” on") % {"name": plan.name}) for plan in plans),
        ]
        members = [(f"members-{plan.tier}", _("Members, from “%(name)s” on") % {"name": plan.name}) for plan in plans]
        everybody = [("everybody", _("Everybody")), ("link", _("Whoever has the link"))]
        self._choices = [*everybody, ("followers", _("Whoever follows your channel, for nothing")), *members]
        self._choices.append(("tickets", _("Whoever has a ticket")))
        self.fields["audience"].choices = self._choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["audience"].initial = "everybody"

    @classmethod
    def of(
        cls, broadcast: Broadcast, *, plans: list[Plan], currency: str, ticket: Offer | None = None
    ) -> "BroadcastForm":
        return cls(
            plans=plans,
            currency=ticket.price.currency if ticket else currency,
            initial=_initial_of(ticket)
            | {
                "name": broadcast.name,
                "words": broadcast.words,
                "starts_at": broadcast.starts_at,
                "audience": _audience_of(broadcast),
                "starts_by_itself": broadcast.starts_by_itself,
                "members": broadcast.tier if broadcast.access is Access.TICKETS else None,
                "afterwards": broadcast.replay,
                "latency": broadcast.latency,
            },
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["ticket"] = None
        if cleaned.get("audience") == "tickets":
            price, early = self._amount("price"), self._amount("early")
            if price is None and "price" not in self.errors:
                self.add_error("price", now_("Say what a ticket costs."))
            if early is not None and not cleaned.get("early_until") and "early_until" not in self.errors:
                self.add_error("early_until", now_("Say until when it is cheaper."))
            if price is not None and not self.errors:
                window = EarlyPrice(early, None, cleaned["early_until"]) if early is not None else None
                replay = cleaned["replay"]
                days = None if replay == FOR_EVER else replay or 0
                cleaned["ticket"] = NewOffer(OfferKind.TICKET, price, early=window, replay_days=days)
        return cleaned

    def _amount(self, name: str) -> Money | None:
        typed = self.cleaned_data.get(name)
        if not typed:
            return None
        try:
            return parse_money(typed, self.cleaned_data.get("currency") or "", locale=get_language() or "en")
        except InvalidInputError as error:
            self.add_error(name, str(error))
            return None

    @property
    def new(self) -> NewBroadcast:
        """What was typed."""
        typed = self.cleaned_data
        kind, _dash, tier = typed["audience"].partition("-")
        return NewBroadcast(
            name=typed["name"],
            words=typed["words"],
            starts_at=typed["starts_at"],
            access=Access(kind) if kind in {"followers", "members", "tickets"} else Access.EVERYBODY,
            tier=int(tier) if kind == "members" else typed["members"] if kind == "tickets" else None,
            is_listed=kind != "link",
            starts_by_itself=typed["starts_by_itself"],
            ticket=typed["ticket"],
            replay=_replay_of(typed),
            latency=Latency(typed["latency"] or Latency.STANDARD),
        )


def _replay_of(typed: dict[str, Any]) -> Replay:
    """Ticket holders get the recording for as long as their ticket says; others as was chosen."""
    if typed["ticket"]:
        return Replay.OURS if typed["ticket"].replay_days == 0 else Replay.SHARED
    return Replay(typed["afterwards"] or Replay.SHARED)


def _initial_of(ticket: Offer | None) -> dict[str, Any]:
    if ticket is None:
        return {}
    return {
        "price": plain_amount(ticket.price),
        "replay": FOR_EVER if ticket.replay_days is None else ticket.replay_days,
        "early": plain_amount(ticket.early.price) if ticket.early else "",
        "early_until": ticket.early.until if ticket.early else None,
    }


def _audience_of(broadcast: Broadcast) -> str:
    if broadcast.access is Access.MEMBERS:
        return f"members-{broadcast.tier}"
    if broadcast.access in {Access.TICKETS, Access.FOLLOWERS}:
        return broadcast.access.value
    return "everybody" if broadcast.is_listed else "link"
