"""The rules of giving money back. Pure: sums, terms and what was watched are given."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from footlights.kernel.money import Money
from footlights.ledger.api import Entry, Posting
from footlights.monetization.causes import COUPONS
from footlights.monetization.records import Purchase, PurchaseState
from footlights.terms.api import RefundTerms


def return_postings(entries: Iterable[Entry], amount: Money) -> list[Posting]:
    """What takes `amount` of a sale back, in proportion to what is left of it on each account.

    `entries` are those of the sale and of what went back before. Parts are never more than what is left, and sum to the
    amount exactly (largest remainder); once all has gone back, nothing is left anywhere. What the platform bore of the
    discount comes back to it in the same proportion, rounded down until the last.
    """
    left: Counter[str] = Counter()
    for entry in entries:
        left[entry.account] += entry.amount.amount_minor
    borne = left.pop(COUPONS, 0)
    held = {account: part for account, part in left.items() if part > 0}  # where the money is
    owed = {account: -part for account, part in sorted(left.items()) if part < 0}
    again = Money(borne * amount.amount_minor // max(1, sum(held.values())), amount.currency)
    postings = [Posting(COUPONS, -again)] if again else []
    for accounts, sign, whole in ((held, -1, amount), (owed, 1, amount + again)):
        parts = whole.split(list(accounts.values()))
        postings += [
            Posting(account, part if sign > 0 else -part) for account, part in zip(accounts, parts, strict=True) if part
        ]
    return postings


@dataclass(frozen=True, slots=True)
class ReturnedParts:
    """Of an amount that went back: the platform's fee, the taxes, and what others than the channel had of it.

    `borne_minor` is what the platform has again of a discount it bore.
    """

    fee_minor: int = 0
    tax_minor: int = 0
    shared_minor: int = 0
    borne_minor: int = 0


def parts_returned(postings: Iterable[Posting], *, own: str) -> ReturnedParts:
    """What a return's postings took from whom. `own` is the account of the channel that sold."""
    fee = tax = shared = borne = 0
    for posting in postings:
        kind, minor = posting.account.partition(":")[0], posting.amount.amount_minor
        if posting.account == "platform:fees":
            fee += minor
        elif posting.account == COUPONS:
            borne -= minor
        elif kind == "tax":
            tax += minor
        elif kind == "person" or (kind == "creator" and posting.account != own):
            shared += minor
    return ReturnedParts(fee, tax, shared, borne)


@dataclass(frozen=True, slots=True)
class Event:
    """What a ticket is to. `moved_at`: when its buyers were last told another time than the one they bought for."""

    began: bool
    moved_at: datetime | None


def why_not_returned(  # noqa: PLR0911  one sentence for each rule
    purchase: Purchase,
    *,
    terms: RefundTerms,
    watched_percent: int,
    returned_before: bool,
    at: datetime,
    counted: str = "",
    event: Event | None = None,
) -> str:
    """Why its buyer cannot give it back by themselves, in a sentence; nothing when they can.

    `counted` says what the purchase counted towards, when it did. A ticket goes back at most until its `event` begins,
    and until then whatever the terms say when that was moved since it was paid.
    """
    if purchase.state is not PurchaseState.PAID or not purchase.price or purchase.paid_at is None:
        return _("Nothing was paid for this, so there is nothing to give back.")
    if event and event.began:
        return _("The broadcast has begun. Write to us if something is wrong with it.")
    if event and event.moved_at and purchase.paid_at <= event.moved_at:
        return ""
    if not terms.within_days:
        return _("Write to us if something is wrong with it.")
    if at >= purchase.paid_at + timedelta(days=terms.within_days):
        words = ngettext(
            "That was possible for %(days)d day.", "That was possible for %(days)d days.", terms.within_days
        )
        return words % {"days": terms.within_days}
    if returned_before:
        return _("You gave this one back before. Write to us if something is wrong with it.")
    if counted:
        return counted
    if watched_percent >= max(terms.watched_percent, 1):
        words = _("You have watched %(percent)d %% of it. Money goes back by itself under %(most)d %%.")
        return words % {"percent": watched_percent, "most": terms.watched_percent}
    return ""
