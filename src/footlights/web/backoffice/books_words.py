"""The books in a person's words: what a cause says, whose an account is. Pure but for the names it is given."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

KINDS: dict[str, Any] = {
    "gateway": _("Held by the payment service"),
    "gatewaycost": _("Kept by the payment service"),
    "dispute": _("Taken by a bank, not decided"),
    "platform": _("The platform's own"),
    "creator": _("Earned by channels"),
    "person": _("Shares of collaborators"),
    "tax": _("Tax owed"),
    "deferred": _("Paid ahead, not earned yet"),
    "gift": _("Gifts not redeemed yet"),
    "pass": _("Passes to be shared out"),
    "payout": _("On its way to creators"),
    "conversion": _("Converted between currencies"),
}
NAMES: dict[str, Any] = {
    "platform:fees": _("Fees earned"),
    "platform:coupons": _("Discounts that the platform bears"),
    "platform:suspense": _("Money that belongs to no sale"),
    "platform:exchange": _("Exchange of currencies"),
    "payout:due": _("Payouts on their way"),
}
# The first that a cause matches says it; what a later step adds to another cause comes first.
CAUSES: tuple[tuple[re.Pattern[str], Any], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r":undone$|:failed$", _("Undone: the money did not arrive, and is back where it was")),
        (r"^payout:.*:converted:", _("A payee converted a balance")),
        (r"^purchase:.*:refunded", _("A buyer was given money back")),
        (r"^purchase:.*:paid$", _("A title was sold")),
        (r"^invoice:.*:refund", _("A subscriber was given money back")),
        (r"^invoice:.*:day:", _("A day of a subscription was earned")),
        (r"^invoice:.*:unneeded", _("A subscriber paid for what had ended already")),
        (r"^invoice:.*:paid$", _("A subscription was paid ahead")),
        (r"^(subscription|recognition):", _("A day of a subscription was earned")),
        (r"^tip:.*:refunded", _("A tip was given back")),
        (r"^tip:", _("A tip was given")),
        (r"^gift:.*:redeemed", _("A gift was redeemed")),
        (r"^gift:.*:refunded", _("A gift was given back")),
        (r"^gift:", _("A gift was bought")),
        (r"^pass:", _("A pass was shared out by what was watched")),
        (r"^payment:.*:flagged:refunded", _("Another amount than asked was given back")),
        (r"^payment:.*:flagged", _("Another amount than asked was charged")),
        (r"^payment:.*:cost", _("The payment service kept its cost")),
        (r"^dispute:.*:opened", _("A buyer's bank took a payment back")),
        (r"^dispute:.*:won", _("The bank gave a payment back to us")),
        (r"^dispute:.*:lost", _("The bank decided for the buyer")),
        (r"^payout:.*:asked", _("A payout was set aside")),
        (r"^payout:.*:paid", _("A payout arrived")),
        (r"^conversion:", _("Money was exchanged")),
    )
)


def sentence_of(cause: str, memo: str = "") -> str:
    """What happened; the memo where nobody wrote a sentence for such causes."""
    return str(next((words for pattern, words in CAUSES if pattern.search(cause)), memo or cause))


def kind_words(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def id_in(code: str) -> UUID | None:
    """The id that an account, a cause or a subject names."""
    for part in code.split(":")[1:]:
        try:
            return UUID(part)
        except ValueError:
            continue
    return None


def account_name(account: str, names: Mapping[UUID, str]) -> str:
    """`names` are those of channels and people by id; an account of nobody known is called by its kind."""
    if account in NAMES:
        return str(NAMES[account])
    kind, _colon, rest = account.partition(":")
    found = id_in(account)
    if found is None:
        return f"{kind_words(kind)}: {rest}"
    return names.get(found, "") or kind_words(kind)
