"""The mails of gifts: to whom it is for, and to its giver once it is opened."""

from django.conf import settings
from django.urls import reverse

from footlights.giving.api import Gift, find_gift
from footlights.giving.events import GiftRedeemed, GiftSent
from footlights.kernel.events import subscribe
from footlights.web import letters
from footlights.web.sold import thing_of


@subscribe(GiftSent)
def bring_the_gift(event: GiftSent) -> None:
    """To the address as it is by now; nothing once it was opened or taken back."""
    gift = find_gift(event.gift_id)
    if gift and gift.recipient and gift.is_waiting and (name := _name_of(gift)):
        letters.send(
            gift.recipient,
            "giving/email/gift",
            title=name,
            sender=gift.sender,
            message=gift.message,
            is_ticket=bool(gift.broadcast_id),
            link=settings.SITE_URL + reverse("giving:opening", args=[gift.code]),
        )


@subscribe(GiftRedeemed)
def tell_that_it_was_opened(event: GiftRedeemed) -> None:
    gift = find_gift(event.gift_id)
    if gift and (name := _name_of(gift)):
        link = settings.SITE_URL + reverse("giving:gift", args=[gift.id])
        letters.send_to_person(gift.giver_id, "giving/email/opened", title=name, link=link)


def _name_of(gift: Gift) -> str:
    """Empty when it is gone for good."""
    thing = thing_of(gift)
    return thing.name if thing else ""
