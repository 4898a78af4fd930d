"""A channel's codes for the press: make some, hand them on, see who watched how much, withdraw them."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from footlights.accounts.api import list_persons
from footlights.catalog.api import Title, list_titles, list_titles_of
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.monetization import api as monetization
from footlights.monetization.api import PressCode, PressPass
from footlights.playback.api import Progress, progress_of
from footlights.web.paging import PER_PAGE, number_of, page_of
from footlights.web.sheets import row
from footlights.web.studio.answers import UNPROCESSABLE
from footlights.web.studio.current import StudioRequest, person_id, with_channel
from footlights.web.studio.forms import blame
from footlights.web.studio.press_form import PressForm

TITLES_MAX = 200
WHOLE_PERCENT = 100


@require_http_methods(["GET", "HEAD", "POST"])
@with_channel
def show(request: StudioRequest) -> HttpResponse:
    """All press passes and the form for another; a POST makes it and leads to its codes."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            made = monetization.make_press_pass(
                channel_id=request.channel.id, editor_id=person_id(request), new=form.new(), at=now()
            )
        except InvalidInputError as error:
            blame(form, error)
        else:
            messages.success(request, _("The codes are ready."))
            return redirect("studio:press_pass", made.id)
    offset = (number_of(request) - 1) * PER_PAGE
    page = page_of(request, monetization.list_press_passes(request.channel.id, limit=PER_PAGE + 1, offset=offset))
    titles = list_titles({each.title_id for each in page.rows if each.title_id})
    lines = [_line(each, titles) for each in page.rows]
    context = {"section": "titles", "form": form, "page": page, "passes": lines}
    return render(request, "studio/press.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_safe
@with_channel
def press_pass(request: StudioRequest, press_id: UUID) -> HttpResponse:
    """One pass with its codes, who took them, and how much they watched; as a table to take along with ?codes."""
    found = monetization.get_press_pass(press_id=press_id, channel_id=request.channel.id)
    if "codes" in request.GET:
        return _sheet(monetization.list_press_codes(press_id))
    offset = (number_of(request) - 1) * PER_PAGE
    page = page_of(request, monetization.list_press_codes(press_id, limit=PER_PAGE + 1, offset=offset))
    title_ids = {each.title_id for code in page.rows for each in code.screenings}
    titles = list_titles(title_ids | ({found.title_id} if found.title_id else set()))
    viewer_ids = {code.redeemed_by for code in page.rows if code.redeemed_by}
    persons, progress = list_persons(viewer_ids), progress_of(viewer_ids, title_ids)
    lines = [
        {
            "code": code,
            "address": _address(code),
            "who": persons[code.redeemed_by].among_colleagues if code.redeemed_by in persons else None,
            "watched": _watched(code, titles, progress),
        }
        for code in page.rows
    ]
    context = {"section": "titles", "line": _line(found, titles), "page": page, "codes": lines}
    return render(request, "studio/press_pass.html", context)


@require_POST
@with_channel
def withdraw(request: StudioRequest, press_id: UUID) -> HttpResponse:
    """All its codes."""
    monetization.get_press_pass(press_id=press_id, channel_id=request.channel.id)
    monetization.withdraw_press_codes(press_id=press_id, editor_id=person_id(request), at=now())
    messages.success(request, _("The codes are withdrawn. Nobody watches with them any more."))
    return redirect("studio:press_pass", press_id)


@require_POST
@with_channel
def withdraw_code(request: StudioRequest, press_id: UUID, code_id: UUID) -> HttpResponse:
    monetization.get_press_pass(press_id=press_id, channel_id=request.channel.id)
    monetization.withdraw_press_codes(press_id=press_id, editor_id=person_id(request), at=now(), code_id=code_id)
    messages.success(request, _("The code is withdrawn. Nobody watches with it any more."))
    return redirect("studio:press_pass", press_id)


def _form(request: StudioRequest) -> PressForm:
    titles = list_titles_of(request.channel.id, limit=TITLES_MAX)
    return PressForm(request.POST if request.method == "POST" else None, titles=titles)


def _line(found: PressPass, titles: Mapping[UUID, Title]) -> dict[str, Any]:
    title = titles.get(found.title_id) if found.title_id else None
    name = _("Everything that is out") if found.title_id is None else title.name if title else _("A title that is gone")
    return {"press": found, "name": name, "title": title, "is_over": found.is_over(now())}


def _watched(
    code: PressCode, titles: Mapping[UUID, Title], progress: Mapping[tuple[UUID, UUID], Progress]
) -> list[dict[str, Any]]:
    """Title by title: how often, and how far they came."""
    watched = []
    for title_id in dict.fromkeys(each.title_id for each in code.screenings):
        shown = [each for each in code.screenings if each.title_id == title_id]
        seen = progress.get((code.redeemed_by, title_id)) if code.redeemed_by else None
        percent = max([_percent(seen), *(each.watched_percent for each in shown)])
        watched.append({"title": titles.get(title_id), "times": len(shown), "percent": percent})
    return watched


def _percent(seen: Progress | None) -> int:
    if seen is None:
        return 0
    return WHOLE_PERCENT if seen.finished else seen.percent


def _sheet(codes: Iterable[PressCode]) -> HttpResponse:
    """The codes that can still be handed on, with their addresses."""
    waiting = [code for code in codes if code.redeemed_at is None and code.withdrawn_at is None]
    lines = [(_("For"), _("Code"), _("Address")), *((each.outlet, each.code, _address(each)) for each in waiting)]
    headers = {"Content-Disposition": 'attachment; filename="press-codes.csv"'}
    return HttpResponse("".join(map(row, lines)), content_type="text/csv; charset=utf-8", headers=headers)


def _address(code: PressCode) -> str:
    return settings.SITE_URL + reverse("giving:press", args=[code.code])
