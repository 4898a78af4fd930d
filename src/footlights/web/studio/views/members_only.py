"""Whether a title is part of a membership."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from footlights.accounts import api as accounts
from footlights.catalog.api import Title
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import Money
from footlights.monetization import api as monetization
from footlights.monetization.api import NewOffer, OfferKind
from footlights.web.studio.answers import UNPROCESSABLE
from footlights.web.studio.current import StudioRequest, person_id, with_title
from footlights.web.studio.forms import blame
from footlights.web.studio.members_form import MembersForm, tier_of
from footlights.web.studio.views.editor import saved, show_page, show_part
from footlights.web.studio.views.price import require_proof_of_change, terms_of


@require_POST
@with_title
def members(request: StudioRequest, title: Title) -> HttpResponse:
    kept = tier_of(monetization.list_offers(title.id))
    form = MembersForm(request.POST, channel_id=title.channel_id, kept=kept)
    if form.is_valid():
        try:
            _set_members(request, title, tier=form.cleaned_data["tier"], is_alone=form.cleaned_data["only"])
        except (InvalidInputError, monetization.MonetizationError) as error:
            blame(form, error)
        else:
            return saved(request, title, "price")
    if request.htmx:
        return show_part(request, title, "price", {"members": form}, status=UNPROCESSABLE)
    return show_page(request, title, {"members": form}, status=UNPROCESSABLE)


def _set_members(request: StudioRequest, title: Title, *, tier: int | None, is_alone: bool) -> None:
    """Beside the other ways to get it, or instead of them."""
    current = [terms_of(offer) for offer in monetization.list_offers(title.id)]
    others = [each for each in current if each.kind is not OfferKind.MEMBERS]
    if tier and any(each.kind is OfferKind.FREE for each in others) and not is_alone:
        raise InvalidInputError(_("It is free for everybody. Choose “Only for members”, or sell it first."))
    currency = others[0].price.currency if others else accounts.get_installation().currency
    opened = [NewOffer(OfferKind.MEMBERS, Money(0, currency), tier)] if tier else []
    wanted = [*([] if tier and is_alone else others), *opened]
    require_proof_of_change(request, title, current=current, wanted=wanted)
    monetization.set_offers(title_id=title.id, editor_id=person_id(request), offers=wanted, at=now())
