"""What a title costs, and what of it stays with its creator."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from footlights.catalog.api import Title
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import parse_money
from footlights.monetization import api as monetization
from footlights.monetization.api import NewOffer, Offer, OfferKind
from footlights.web.account.proof import require_proof
from footlights.web.studio.current import StudioRequest, person_id, with_title
from footlights.web.studio.presenting import net_of, prices_abroad
from footlights.web.studio.price_form import PriceForm
from footlights.web.studio.views.editor import take_form

NEW_FOR = timedelta(days=1)


@require_POST
@with_title
def price(request: StudioRequest, title: Title) -> HttpResponse:
    form = PriceForm(request.POST)
    return take_form(request, title, "price", form, lambda sent: set_price(request, title, sent.cleaned_data["offers"]))


@require_GET
@with_title
def price_preview(request: StudioRequest, title: Title) -> HttpResponse:
    """What of a price stays with the creator, while it is typed."""
    sent = request.GET.dict()
    amount = sent.get(sent.get("field", ""), "")[:20]
    currency = next((value for name, value in sent.items() if name.endswith("currency")), "")[:3]
    kind = OfferKind.RENT if sent.get("kind") == "rent" else OfferKind.BUY
    try:
        price = parse_money(amount, currency, locale=get_language() or "en") if amount.strip() else None
    except InvalidInputError as error:
        return render(request, "studio/net.html", {"error": str(error)})
    context = net_of(price, kind, title.channel_id) | {"abroad": prices_abroad(price, kind, title)}
    return render(request, "studio/net.html", context)


def set_price(request: StudioRequest, title: Title, wanted: list[NewOffer]) -> None:
    """What stays as it is keeps its offer, and with it its id."""
    current = [terms_of(offer) for offer in monetization.list_offers(title.id)]
    members = [each for each in current if each.kind is OfferKind.MEMBERS]
    if members and all(each.kind is not OfferKind.FREE for each in wanted):  # this form does not ask about members
        wanted = [*wanted, *members]
    require_proof_of_change(request, title, current=current, wanted=wanted)
    monetization.set_offers(title_id=title.id, editor_id=person_id(request), offers=wanted, at=now())


def require_proof_of_change(
    request: StudioRequest, title: Title, *, current: list[NewOffer], wanted: list[NewOffer]
) -> None:
    """Only the price of a new draft, which nobody but its makers ever saw, changes without a proof."""
    if set(current) != set(wanted) and not _is_new_draft(title):
        require_proof(request)


def terms_of(offer: Offer) -> NewOffer:
    return NewOffer(offer.kind, offer.price, offer.tier, offer.floor, offer.early)


def _is_new_draft(title: Title) -> bool:
    """Never out (a draft that was keeps the moment), and too young to have been unlisted and withdrawn meanwhile."""
    return title.state == "draft" and title.publish_at is None and now() - title.created_at < NEW_FOR
