"""The mails about payouts: where money goes from now on, what was sent, what came back, who is asked for what."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from footlights.catalog.api import get_channel
from footlights.kernel.events import subscribe
from footlights.kernel.money import Money
from footlights.payouts.api import CREATOR, owner_of
from footlights.payouts.events import DestinationChanged, PayoutCameBack, PayoutMade
from footlights.sellers.api import REMINDERS
from footlights.sellers.events import SellerAsked
from footlights.web.letters import send_to_person


@subscribe(DestinationChanged)
def tell_of_the_destination(event: DestinationChanged) -> None:
    _tell(event.account, "destination", label=event.label, usable_from=event.usable_from)


@subscribe(PayoutMade)
def tell_of_the_payout(event: PayoutMade) -> None:
    _tell(event.account, "made", amount=_written(event.amount))


@subscribe(PayoutCameBack)
def tell_of_what_came_back(event: PayoutCameBack) -> None:
    _tell(event.account, "returned", amount=_written(event.amount), reason=event.reason)


@subscribe(SellerAsked)
def ask_for_tax_details(event: SellerAsked) -> None:
    send_to_person(
        event.person_id,
        "payouts/email/asked" if event.reminder == 0 else "payouts/email/reminded",
        page=f"{settings.SITE_URL}{reverse('account:tax_details')}",
        held_on=event.held_on,
        is_last=event.reminder == REMINDERS,
    )


def _tell(account: str, letter: str, **context: object) -> None:
    receiver, page = _receiver_of(account)
    send_to_person(receiver, f"payouts/email/{letter}", page=f"{settings.SITE_URL}{page}", **context)


def _receiver_of(account: str) -> tuple[UUID, str]:
    kind, owner_id = owner_of(account)
    if kind == CREATOR:
        return get_channel(owner_id).owner_id, reverse("studio:payouts")
    return owner_id, reverse("account:payouts")


def _written(amount: Money) -> str:
    return amount.format(get_language() or "en")
