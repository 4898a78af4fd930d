"""Opening a gift: what it is, from whom, and one button."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from footlights.catalog.api import Collection, list_public_ids_in
from footlights.giving import api as giving
from footlights.giving.api import Gift, GiftOpenedError, GiftOverError
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.monetization.api import AlreadyYoursError, find_offer, kept_titles
from footlights.web.access import person_id_of
from footlights.web.giving.forms import CodeForm
from footlights.web.sold import Show, Thing, next_after, thing_of


@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_code(request: HttpRequest) -> HttpResponse:
    """Somebody holds a card with a code."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = giving.get_gift_by_code(form.cleaned_data["code"])
        except NotFoundError:
            form.add_error("code", _("There is no gift with this code. Look at it again."))
        else:
            return redirect("giving:opening", found.code)
    return render(request, "giving/code.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, gift_code: str) -> HttpResponse:
    """What it is and from whom, for whoever holds the code; POST makes it theirs and leads to the film."""
    try:
        gift = giving.get_gift_by_code(gift_code)
    except NotFoundError as error:
        raise Http404 from error
    thing = thing_of(gift)
    if thing is None:
        raise Http404
    if request.method == "POST":
        return _open(request, gift, thing)
    return _page(request, gift, thing)


def _open(request: HttpRequest, gift: Gift, thing: Thing) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?next={request.path}")
    try:
        giving.redeem_gift(code=gift.code, viewer_id=person_id_of(request), at=now())
    except (GiftOpenedError, GiftOverError, AlreadyYoursError) as error:
        messages.info(request, str(error))
        return redirect(request.path)
    return HttpResponse(status=303, headers={"Location": next_after(thing)})


def _page(request: HttpRequest, gift: Gift, thing: Thing) -> HttpResponse:
    is_theirs = gift.redeemed_by is not None and gift.redeemed_by == request.user.pk
    context: dict[str, object] = {
        "gift": gift,
        "title": thing,
        "offer": find_offer(gift.offer_id),
        "is_theirs": is_theirs,
        "is_show": isinstance(thing, Show),
        "watch_href": f"{thing.path}/watch" if gift.title_id else thing.path,
        "signing_in": f"?next={request.path}",
    }
    if isinstance(thing, Collection) and not is_theirs:
        context |= _of_all(request, gift, thing)
    return render(request, "giving/opening.html", context)


def _of_all(request: HttpRequest, gift: Gift, collection: Collection) -> dict[str, object]:
    """How many titles it brings, and how many of them whoever looks has already."""
    later = list_public_ids_in(collection.id, now()) if collection.is_season else []
    titles = list({*gift.promised, *later})
    had = len(kept_titles(request.user.pk, titles)) if request.user.is_authenticated else 0
    return {"count": len(titles), "had": had, "left": len(titles) - had}
