"""The mail that makes a guest's purchase their own, once it is paid."""

import uuid

from footlights.accounts.api import find_person
from footlights.kernel.events import subscribe
from footlights.monetization.api import find_purchase
from footlights.payments.events import PaymentCaptured
from footlights.web.checkout.guests import send_link


@subscribe(PaymentCaptured)
def bring_the_link(event: PaymentCaptured) -> None:
    kind, _, identifier = event.reference.partition(":")
    purchase = find_purchase(uuid.UUID(identifier)) if kind == "purchase" else None
    buyer = find_person(purchase.viewer_id) if purchase else None
    if buyer and buyer.is_guest:
        send_link(buyer.id)
