"""The sandbox's test cards: what each makes happen after the buyer pays."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Card:
    """How a payment with this card behaves. `webhook_delays` has one entry for each webhook that is sent."""

    code: str
    number: str
    name: str | Promise
    effect: str | Promise
    approved: bool = True
    challenge: bool = False
    charged_percent: int = 100
    webhook_delays: tuple[timedelta, ...] = (timedelta(0),)
    answers_to_lose: int = 0


LATE = timedelta(seconds=45)

CARDS = {
    card.code: card
    for card in (
        Card("paid", "4000 0000 0000 0002", _("Paid"), _("The bank says yes at once.")),
        Card(
            "declined", "4000 0000 0000 0119", _("Declined"), _("The bank says no. Nothing is charged."), approved=False
        ),
        Card(
            "challenge",
            "4000 0000 0000 3220",
            _("Challenge"),
            _("The bank asks the buyer to confirm first."),
            challenge=True,
        ),
        Card(
            "lost",
            "4000 0000 0000 6975",
            _("Answer lost"),
            _("Charged, but we are not told, nor answered two times."),
            webhook_delays=(),
            answers_to_lose=2,
        ),
        Card(
            "late",
            "4000 0000 0000 0341",
            _("Webhook late"),
            _("Charged; we are told 45 seconds later."),
            webhook_delays=(LATE,),
        ),
        Card(
            "twice",
            "4000 0000 0000 2222",
            _("Webhook twice"),
            _("Charged; we are told two times."),
            webhook_delays=(timedelta(0), timedelta(0)),
        ),
        Card(
            "altered",
            "4000 0000 0000 9235",
            _("Amount altered"),
            _("Half of the amount is charged."),
            charged_percent=50,
        ),
    )
}
