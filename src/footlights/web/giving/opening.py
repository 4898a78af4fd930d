"""Opening a gift: what it is, from whom, and one button."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from footlights.catalog.api import Title, get_title
from footlights.giving import api as giving
from footlights.giving.api import Gift, GiftOpenedError, GiftOverError
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.monetization.api import AlreadyYoursError, find_offer
from footlights.web.access import person_id_of
from footlights.web.giving.forms import CodeForm


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
        title = get_title(gift.title_id)
    except NotFoundError as error:
        raise Http404 from error
    if request.method == "POST":
        return _open(request, gift, title)
    return _page(request, gift, title)


def _open(request: HttpRequest, gift: Gift, title: Title) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?next={request.path}")
    try:
        giving.redeem_gift(code=gift.code, viewer_id=person_id_of(request), at=now())
    except (GiftOpenedError, GiftOverError, AlreadyYoursError) as error:
        messages.info(request, str(error))
        return redirect(request.path)
    film = reverse("watch:title", args=[title.channel_handle, title.slug])
    return HttpResponse(status=303, headers={"Location": f"{film}?autoplay=1"})


def _page(request: HttpRequest, gift: Gift, title: Title) -> HttpResponse:
    context = {
        "gift": gift,
        "title": title,
        "offer": find_offer(gift.offer_id),
        "is_theirs": gift.redeemed_by is not None and gift.redeemed_by == request.user.pk,
        "signing_in": f"?next={request.path}",
    }
    return render(request, "giving/opening.html", context)
