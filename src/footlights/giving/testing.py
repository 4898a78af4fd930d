"""Tips and gifts for tests, of this context and of others."""

from typing import Any

from footlights.giving.api import Gift, NewGift, NewTip, Tip, TipJar, buy_gift, get_gift, get_tip, give_tip, set_tip_jar
from footlights.kernel.clock import now
from footlights.kernel.ids import new_token
from footlights.kernel.money import Money
from footlights.payments.testing import pay


def open_tips(channel: Any, thanks: str = "") -> None:
    jar = TipJar(is_open=True, thanks=thanks)
    set_tip_jar(channel_id=channel.id, editor_id=channel.owner_id, jar=jar, at=now())


def make_tip(channel: Any, giver: Any, **new: Any) -> Tip:
    """`giver` gave `channel` 5.00 EUR, unless told otherwise, and the money came."""
    open_tips(channel)
    asked: dict[str, Any] = {"amount": Money(500, "EUR")} | new
    tip = give_tip(giver_id=giver.id, new=NewTip(channel_id=channel.id, **asked), idempotency_key=new_token(), at=now())
    pay("paid", tip.hosted_url)
    return get_tip(tip.id, giver.id)


def make_gift(offer: Any, giver: Any, **new: Any) -> Gift:
    """`giver` bought what `offer` is for, for somebody else, and the money came."""
    gift = buy_gift(giver_id=giver.id, new=NewGift(offer_id=offer.id, **new), idempotency_key=new_token(), at=now())
    pay("paid", gift.hosted_url)
    return get_gift(gift.id, giver.id)
