"""What speaks for us in a dispute, put together from what each part of the service knows. Reads only.

Addresses are masked: the bank knows its customer, and needs no more than what lets it recognise them.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from footlights.accounts.api import find_person
from footlights.catalog.api import list_titles
from footlights.invoicing.api import Document, list_documents_about
from footlights.monetization.api import PaymentStory, explain_payment
from footlights.payments.api import EVIDENCE_LENGTH_MAX, Dispute, Payment
from footlights.playback.api import ScreenTime, list_screen_time, progress_for
from footlights.subscriptions.api import find_paid_by

TOLD = frozenset(
    {"asked", "agreed", "returned", "captured", "refund_asked", "refunded"}
)  # of a payment's story, what banks ask
MS_A_MINUTE = 60_000


def assemble_evidence(dispute: Dispute) -> str:
    """A text that a bank can read, its times in UTC; never longer than an answer may be."""
    story = explain_payment(dispute.payment_id)
    subscription = find_paid_by(dispute.payment_id)
    subjects = [story.payment.reference, *([f"subscription:{subscription.id}"] if subscription else [])]
    documents = list_documents_about(subjects)
    buyer_id = story.purchase.viewer_id if story.purchase else story.payment.payer_id
    parts = [_bought(story), _buyer(buyer_id), _documents(documents)]
    if buyer_id:
        parts.append(_watched(buyer_id, story, {each.channel_id for each in documents}, dispute.opened_at))
    return "\n\n".join("\n".join(lines) for lines in parts if lines)[:EVIDENCE_LENGTH_MAX]


def _bought(story: PaymentStory) -> list[str]:
    payment = story.payment
    words = {
        "what": payment.description or payment.reference,
        "amount": payment.amount.format(),
        "service": settings.SITE_URL,
    }
    return [
        _("Bought at %(service)s: %(what)s, for %(amount)s.") % words,
        *([_agreed(payment)] if all(each.name != "agreed" for each in story.events) else []),
        *(f"{_when(each.at)} · {each.detail}" for each in story.events if each.name in TOLD),
    ]


def _agreed(payment: Payment) -> str:
    """Where what they agreed to was not kept with the payment: a renewal, or one of before it was."""
    if payment.method_id:
        return _("It was charged by itself, as the buyer had agreed when they gave the card to be kept.")
    return _("The whole price stood on the page on which the buyer agreed to pay; the card was given to the gateway.")


def _buyer(buyer_id: UUID | None) -> list[str]:
    person = find_person(buyer_id) if buyer_id else None
    if person is None:
        return []
    return [_("The account of the buyer: %(mail)s, number %(id)s.") % {"mail": person.masked.email, "id": person.id}]


def _documents(documents: Sequence[Document]) -> list[str]:
    """Each is in the account from when it was issued, and was mailed then where mail leaves this house."""
    if not documents:
        return []
    return [
        _("Documents mailed to the buyer, and in their account:")
        if settings.MAILS_ARRIVE
        else _("Documents in the account of the buyer:"),
        *(f"{_when(each.issued_at)} · {each.number} · {each.gross.format()}" for each in documents),
    ]


def _watched(buyer_id: UUID, story: PaymentStory, channels: Collection[UUID], until: datetime) -> list[str]:
    """Of the titles that were paid for, or of the channel's where a membership was; of nothing else."""
    played = list_screen_time(buyer_id, since=story.payment.created_at, until=until)
    bought = {each.title_id for each in story.entitlements}
    names = {
        title.id: title.name
        for title in list_titles(bought | {each.title_id for each in played}).values()
        if title.id in bought or (not bought and title.channel_id in channels)
    }
    lines = [
        _("%(name)s: %(played)s") % {"name": names[each.title_id], "played": _played(each)}
        for each in played
        if each.title_id in names
    ]
    lines += [
        _("%(name)s: seen up to %(percent)s %%, last at %(when)s.")
        % {"name": names[title_id], "percent": each.percent, "when": _when(each.at)}
        for title_id, each in progress_for(buyer_id, names).items()
    ]
    return [_("Watched by the account of the buyer since they paid:"), *lines] if lines else []


def _played(time: ScreenTime) -> str:
    minutes = time.watched_ms // MS_A_MINUTE
    return ngettext(
        "%(minutes)s minute on %(device)s, between %(first)s and %(last)s.",
        "%(minutes)s minutes on %(device)s, between %(first)s and %(last)s.",
        minutes,
    ) % {"minutes": minutes, "device": time.device, "first": _when(time.first_at), "last": _when(time.last_at)}


def _when(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
