"""What a payment was for when it was no purchase: a period of a membership, a tip or a gift; and its journals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from footlights.accounts.api import list_masked_persons
from footlights.catalog.api import Title, list_channels, list_titles
from footlights.giving.api import Gift, PaidGiving, Tip, explain_giving, refund_gift, refund_tip
from footlights.invoicing.api import Document, list_documents_of
from footlights.ledger.api import Entry, list_journal
from footlights.payments.api import Payment, list_payment_causes, refund_payment
from footlights.subscriptions.api import PaidPeriod, Subscription, explain_period
from footlights.web.memberships.words import badge_of, price_words
from footlights.web.sold import thing_of

GiveBack = Callable[[UUID, datetime], object]  # by whom, when


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class PaidFor:
    """`give_back` gives all that is left of its money back, once however often it is called."""

    facts: Sequence[Fact]
    entries: Sequence[Entry]
    documents: Sequence[Document]
    give_back: GiveBack


def find_paid_for(payment: Payment) -> PaidFor | None:
    """None for a payment that nothing of ours was bought with."""
    if period := explain_period(payment.id):
        return _paid_for(payment, _of_period(period), period.causes, _period_back(payment))
    if giving := explain_giving(payment.id):
        return _paid_for(payment, _of_giving(giving), giving.causes, _giving_back(payment, giving))
    return None


def _paid_for(payment: Payment, facts: Sequence[Fact], causes: Sequence[str], give_back: GiveBack) -> PaidFor:
    booked = [entry for cause in (*causes, *list_payment_causes(payment.id)) for entry in list_journal(cause)]
    return PaidFor(facts, booked, list_documents_of(causes), give_back)


def _of_period(period: PaidPeriod) -> list[Fact]:
    own, invoice = period.subscription, period.invoice
    facts = [
        Fact(_("Membership"), own.plan.name),
        *_channel(own),
        Fact(_("Price"), price_words(invoice.terms)),
        Fact(_("Period"), f"{_day(invoice.period_start)} \N{EN DASH} {_day(invoice.period_end)}"),
        Fact(_("How it stands"), badge_of(own)[0]),
        *_person(_("Viewer"), own.subscriber_id),
    ]
    if period.is_unneeded:
        facts.append(Fact(_("Not needed"), _("It came when nobody wanted it any more, and goes back.")))
    return facts


def _of_giving(giving: PaidGiving) -> list[Fact]:
    given = giving.given
    thing = thing_of(given) if isinstance(given, Gift) else _title(given)
    return [
        Fact(_("Kind"), _("Tip") if isinstance(given, Tip) else _("Gift")),
        *([Fact(_("Of"), thing.name, thing.path)] if thing else []),
        *_channel(given),
        *_person(_("Given by"), given.giver_id),
        *(_opened(given) if isinstance(given, Gift) else []),
    ]


def _title(tip: Tip) -> Title | None:
    return list_titles([tip.title_id]).get(tip.title_id) if tip.title_id else None


def _opened(gift: Gift) -> list[Fact]:
    if gift.redeemed_at is None:
        return [Fact(_("Opened"), _("Withdrawn") if gift.withdrawn_at else _("Not yet"))]
    by = _person(_("By"), gift.redeemed_by) if gift.redeemed_by else []
    return [Fact(_("Opened"), _day(gift.redeemed_at)), *by]


def _channel(sold: Subscription | Tip | Gift) -> list[Fact]:
    found = list_channels([sold.channel_id]).get(sold.channel_id)
    return [Fact(_("Channel"), found.name, found.path)] if found else []


def _person(label: str, person_id: UUID) -> list[Fact]:
    found = list_masked_persons([person_id]).get(person_id)
    text = f"{found.name}, {found.email}" if found else str(person_id)
    return [Fact(label, text, reverse("backoffice:person", args=[person_id]) if found else "")]


def _period_back(payment: Payment) -> GiveBack:
    def give_back(_by_id: UUID, at: datetime) -> object:
        return refund_payment(payment_id=payment.id, idempotency_key=f"backoffice:{payment.id}", at=at)

    return give_back


def _giving_back(payment: Payment, giving: PaidGiving) -> GiveBack:
    def give_back(by_id: UUID, at: datetime) -> object:
        given, key = giving.given, f"backoffice:{payment.id}"
        if isinstance(given, Tip):
            return refund_tip(tip_id=given.id, by_id=by_id, idempotency_key=key, at=at)
        return refund_gift(gift_id=given.id, by_id=by_id, idempotency_key=key, at=at)

    return give_back


def _day(at: datetime) -> str:
    return date_format(at, "DATE_FORMAT")
