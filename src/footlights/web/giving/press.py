"""A press code: what it opens, how often, until when, and one button."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from footlights.accounts.api import Permission
from footlights.catalog.api import get_channel, list_titles, may
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.monetization.api import (
    AlreadyYoursError,
    PressCode,
    PressCodeOverError,
    PressCodeTakenError,
    get_press_code,
    may_watch,
    redeem_press_code,
)
from footlights.web.access import person_id_of
from footlights.web.giving.forms import CodeForm


@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_code(request: HttpRequest) -> HttpResponse:
    """Somebody of the press was told a code."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = get_press_code(form.cleaned_data["code"])
        except NotFoundError:
            form.add_error("code", _("There is no press code like this. Look at it again."))
        else:
            return redirect("giving:press", found.code)
    return render(request, "giving/press_code.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, press_code: str) -> HttpResponse:
    """What it opens, for whoever holds the code; POST makes it theirs. No screening begins by it."""
    try:
        code = get_press_code(press_code)
    except NotFoundError as error:
        raise Http404 from error
    if request.method == "POST":
        return _redeem(request, code)
    return render(request, "giving/press.html", _page(request, code))


def _redeem(request: HttpRequest, code: PressCode) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?next={request.path}")
    try:
        redeem_press_code(code=code.code, viewer_id=person_id_of(request), at=now())
    except (AlreadyYoursError, PressCodeOverError, PressCodeTakenError) as error:
        messages.info(request, str(error))
    return redirect("giving:press", code.code)


def _page(request: HttpRequest, code: PressCode) -> dict[str, object]:
    at, press, viewer_id = now(), code.press, request.user.pk
    title = list_titles([press.title_id]).get(press.title_id) if press.title_id else None
    is_theirs = code.redeemed_by is not None and code.redeemed_by == viewer_id
    return {
        "code": code,
        "channel": get_channel(press.channel_id),
        "title": title if title and title.state != "deleted" else None,
        "is_theirs": is_theirs,
        "is_over": code.withdrawn_at is not None or at >= press.ends_at,
        "is_own": viewer_id is not None and may(viewer_id, Permission.SET_PRICES, press.channel_id),
        "decision": may_watch(viewer_id, title.id, at) if title and is_theirs else None,
        "signing_in": f"?next={request.path}",
    }
