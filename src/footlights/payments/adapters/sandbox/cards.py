"""The sandbox's test cards: what each makes happen when the buyer pays, and when it is charged again without them."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

BROKE = "There is not enough money on the card."
EXPIRED = "The card has expired."
SAID_NO = "The bank declined the card."


@dataclass(frozen=True, slots=True)
class Card:
    """How a payment with this card behaves. `webhook_delays` has one entry for each webhook that is sent."""

    code: str
    number: str
    name: str | Promise
    effect: str | Promise
    refusal: str = ""  # why the bank says no; empty: it says yes
    refusal_later: str = ""  # the same, once the card is kept and charged without the buyer
    challenge: bool = False
    expires_this_month: bool = False
    charged_percent: int = 100
    webhook_delays: tuple[timedelta, ...] = (timedelta(0),)
    clock_off: timedelta = timedelta(0)  # of the service that signs the webhooks
    is_altered: bool = False  # somebody changes the webhooks on their way
    answers_to_lose: int = 0
    errors_to_repeat: int = 0
    is_disputed: bool = False
    loses_disputes: bool = False
    is_known_again: bool = False

    @property
    def last4(self) -> str:
        return self.number[-4:]

    def expires_on(self, today: date) -> date:
        """The last day of this month, or of December in three years."""
        if not self.expires_this_month:
            return date(today.year + 3, 12, 31)
        return (today.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


LATE = timedelta(seconds=45)

CARDS = {
    card.code: card
    for card in (
        Card("paid", "4000 0000 0000 0002", _("Paid"), _("The bank says yes at once.")),
        Card(
            "declined",
            "4000 0000 0000 0119",
            _("Declined"),
            _("The bank says no. Nothing is charged."),
            refusal=SAID_NO,
            refusal_later=SAID_NO,
        ),
        Card(
            "broke",
            "4000 0000 0000 9995",
            _("Not enough money"),
            _("The bank says that there is not enough money."),
            refusal=BROKE,
            refusal_later=BROKE,
        ),
        Card(
            "expired",
            "4000 0000 0000 0069",
            _("Expired card"),
            _("The card is too old. Nothing is charged."),
            refusal=EXPIRED,
            refusal_later=EXPIRED,
        ),
        Card(
            "challenge",
            "4000 0000 0000 3220",
            _("Challenge"),
            _("The bank asks the buyer to confirm first, each time."),
            challenge=True,
        ),
        Card(
            "broke_later",
            "4000 0000 0000 0259",
            _("Not enough money later"),
            _("Paid now. Kept and charged again, there is not enough money."),
            refusal_later=BROKE,
        ),
        Card(
            "expires",
            "4000 0000 0000 0127",
            _("Expires this month"),
            _("Paid now. Kept, it is good until the end of the month."),
            expires_this_month=True,
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
            "error",
            "4000 0000 0000 0500",
            _("Error remembered"),
            _("Paid now. Kept and charged again: charged, but asking answers the same error three times."),
            errors_to_repeat=3,
        ),
        Card(
            "known",
            "4000 0000 0000 1018",
            _("Known again"),
            _("Paid. Whoever pays with it from another account is known to have the same card."),
            is_known_again=True,
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
        Card(
            "forged",
            "4000 0000 0000 9979",
            _("Webhook changed"),
            _("Charged; somebody changes what we are told on its way."),
            is_altered=True,
        ),
        Card(
            "slow_clock",
            "4000 0000 0000 0044",
            _("Slow clock"),
            _("Charged; the clock of who tells us is ten minutes slow."),
            clock_off=timedelta(minutes=-10),
        ),
        Card(
            "fast_clock",
            "4000 0000 0000 0055",
            _("Fast clock"),
            _("Charged; the clock of who tells us is ten minutes fast."),
            clock_off=timedelta(minutes=10),
        ),
        Card(
            "disputed",
            "4000 0000 0000 2685",
            _("Disputed"),
            _("Paid; then the buyer's bank takes it back. An answer wins it."),
            is_disputed=True,
        ),
        Card(
            "disputed_lost",
            "4000 0000 0000 5423",
            _("Disputed and lost"),
            _("Paid; then the buyer's bank takes it back, whatever is answered."),
            is_disputed=True,
            loses_disputes=True,
        ),
        Card(
            "reordered",
            "4000 0000 0000 1976",
            _("Told in the wrong order"),
            _("Paid and disputed; we are told of the dispute first."),
            webhook_delays=(LATE,),
            is_disputed=True,
        ),
    )
}
