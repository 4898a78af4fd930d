"""What a collection's page says to one reader of having all of it: get it, complete it, or go on watching."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from footlights.accounts.api import Permission
from footlights.catalog.api import Collection, Episode, may
from footlights.kernel.errors import NotFoundError
from footlights.monetization.api import (
    AlreadyYoursError,
    Choice,
    Offer,
    OfferChangedError,
    OfferKind,
    Quote,
    kept_titles,
    quote_offer,
)
from footlights.playback.api import progress_for
from footlights.prices.api import Buyer
from footlights.taxes.api import Evidence
from footlights.web.design.page import part
from footlights.web.sold import till_of
from footlights.web.storefront.standing import Standing
from footlights.web.storefront.ways import Way


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is signed in, and as what they are asked for prices."""

    viewer_id: UUID
    buyer: Buyer

    @property
    def choice(self) -> Choice:
        return Choice(evidence=Evidence(address=self.buyer.country), currency=self.buyer.currency)


def shared_ticket(
    collection: Collection, offer: Offer | None, episodes: Sequence[Episode], *, signed_in: bool = False
) -> str:
    """For whoever has nothing of it; empty where it is not sold as one."""
    if offer is None or not episodes:
        return ""
    label = _("Get the season for %(price)s") if collection.is_season else _("Get all of it for %(price)s")
    words = label % {"price": offer.price.format(_reader())}
    standing = Standing(ways=[_way(collection, offer, words, len(episodes))], asks_to_sign_in=True)
    return _card(collection, standing, signed_in=signed_in)


def own_ticket(
    collection: Collection, offer: Offer | None, episodes: Sequence[Episode], reader: Reader, at: datetime
) -> str:
    """For somebody who is signed in: what is left to pay of it, or where they go on."""
    viewer_id = reader.viewer_id
    if episodes and may(viewer_id, Permission.SEE_CHANNEL, collection.channel_id):
        return _card(collection, _plays(episodes, viewer_id, badge=_("Your own collection")))
    title_ids = [each.title.id for each in episodes]
    if episodes and kept_titles(viewer_id, title_ids) >= set(title_ids):
        return _card(collection, _plays(episodes, viewer_id, badge=_("Yours for ever")))
    return _offering(collection, offer, episodes, reader, at) if episodes and offer else ""


def _offering(collection: Collection, offer: Offer, episodes: Sequence[Episode], reader: Reader, at: datetime) -> str:
    try:
        quote = quote_offer(viewer_id=reader.viewer_id, offer_id=offer.id, at=at, choice=reader.choice)
    except AlreadyYoursError:
        return _card(collection, _plays(episodes, reader.viewer_id, badge=_("Yours for ever")))
    except (NotFoundError, OfferChangedError):  # it was hidden, or got another price, while the page was kept
        return ""
    if not quote.breakdown.credit:
        return shared_ticket(collection, offer, episodes, signed_in=True)
    return _card(collection, Standing(badge=_had(quote), badge_kind="gain", ways=[_completing(collection, quote)]))


def _completing(collection: Collection, quote: Quote) -> Way:
    total = quote.total
    label = _("Complete the season for %(price)s") if collection.is_season else _("Complete it for %(price)s")
    words = label % {"price": total.format(_reader())} if total else _("Get the rest for nothing")
    return _way(collection, quote.offer, words, len(quote.parts))


def _had(quote: Quote) -> str:
    counted = sum(1 for each in quote.parts if each.counted_id)
    return _("You already have %(had)d of %(all)d: %(credit)s") % {
        "had": counted,
        "all": len(quote.parts),
        "credit": (-quote.breakdown.credit).format(_reader()),
    }


def _way(collection: Collection, offer: Offer, label: str, count: int) -> Way:
    titles = ngettext("%(count)d title, yours for ever.", "All %(count)d titles, yours for ever.", count)
    gets = [titles % {"count": count}]
    if collection.is_season:
        gets.append(_("Episodes that come out later are included."))
    return Way(
        kind=OfferKind.BUY,
        label=label,
        price=offer.price.format(_reader()),
        gets=gets,
        href=till_of(collection, offer.id),
    )


def _plays(episodes: Sequence[Episode], viewer_id: UUID, *, badge: str) -> Standing:
    """The first episode that was not watched to its end; the first of all once everything was."""
    seen = progress_for(viewer_id, [each.title.id for each in episodes])
    open_ones = [each for each in episodes if not ((p := seen.get(each.title.id)) and p.finished)]
    following = next(iter(open_ones), episodes[0])
    begun = any(each.title.id in seen for each in episodes)
    label = _("Go on with %(name)s") if begun and open_ones else _("Watch %(name)s")
    title = following.title
    return Standing(
        badge=badge,
        badge_kind="gain",
        action_label=label % {"name": title.name},
        action_href=reverse("watch:title", args=[title.channel_handle, title.slug]),
    )


def _card(collection: Collection, standing: Standing, *, signed_in: bool = True) -> str:
    return part("storefront/price_card.html", {"title": collection, "standing": standing, "signed_in": signed_in})


def _reader() -> str:
    return get_language() or "en"
