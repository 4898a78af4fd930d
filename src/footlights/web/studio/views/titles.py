"""The list of titles: found, filtered, and changed many at once."""

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from footlights.accounts.api import Permission
from footlights.catalog import api as catalog
from footlights.catalog.api import Move
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.monetization import api as monetization
from footlights.web.studio.answers import offer_undo
from footlights.web.studio.current import StudioRequest, parts_for, person_id, with_channel
from footlights.web.studio.forms import STATES, BulkForm, FilterForm, sent_ids
from footlights.web.studio.presenting import title_rows

PAGE_SIZE = 50
ALL_BUT_DELETED = ("draft", "scheduled", "unlisted", "published")


@require_safe
@with_channel
def show(request: StudioRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    nothing: dict[str, Any] = {"state": "", "q": "", "category": "", "page": 1}
    wanted = form.cleaned_data if form.is_valid() else nothing
    page = wanted["page"] or 1
    where: dict[str, Any] = {
        "states": [wanted["state"]] if wanted["state"] else ALL_BUT_DELETED,
        "text": wanted["q"],
        "category": wanted["category"],
    }
    found = catalog.list_titles_of(request.channel.id, **where, limit=PAGE_SIZE + 1, offset=(page - 1) * PAGE_SIZE)
    kept = {name: wanted[name] for name in ("state", "q", "category") if wanted[name]}
    context = {
        "section": "titles",
        "rows": title_rows(
            found[:PAGE_SIZE], earned=_earned(request) if Permission.SEE_EARNINGS in request.may else {}
        ),
        "filter": form,
        "filtered": bool(kept),
        "state": wanted["state"],
        "tabs": _tabs(kept),
        "bulk": BulkForm(auto_id="bulk_%s"),
        "page": page,
        "has_more": len(found) > PAGE_SIZE,
        "href_base": f"?{urlencode({**kept, 'page': ''})}",
        "here": request.get_full_path(),
        "undo_days": catalog.UNDO_DAYS,
        **parts_for(request),
    }
    return render(request, "studio/titles.html", context)


@require_POST
@with_channel
def change_many(request: StudioRequest) -> HttpResponse:
    ids = sent_ids(request.POST.getlist("ids"))
    form = BulkForm(request.POST)
    if not ids or not form.is_valid():
        messages.error(request, _("Choose some titles first, and then what to do with them."))
        return redirect(_back(request))
    try:
        words = _change(request, form.cleaned_data, ids)
    except NotFoundError as error:
        raise Http404 from error
    except (InvalidInputError, catalog.WrongStateError) as error:
        messages.error(request, str(error))
    else:
        if form.cleaned_data["act"] == "delete":
            offer_undo(request, words, ids)
        else:
            messages.success(request, words)
    return redirect(_back(request))


@require_POST
def restore_many(request: StudioRequest) -> HttpResponse:
    try:
        catalog.restore_titles(title_ids=sent_ids(request.POST.getlist("ids")), editor_id=person_id(request), at=now())
    except NotFoundError as error:
        raise Http404 from error
    except catalog.WrongStateError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Everything is back as it was."))
    return redirect(_back(request))


def _change(request: StudioRequest, wanted: dict[str, str], ids: list[Any]) -> str:
    """Do what was chosen, and say it."""
    to_whom: dict[str, Any] = {"title_ids": ids, "editor_id": person_id(request), "at": now()}
    act = wanted["act"]
    if act == "delete":
        count = catalog.delete_titles(**to_whom)
        return ngettext("%(count)d title deleted.", "%(count)d titles deleted.", count) % {"count": count}
    if act in {"category", "maturity"}:
        changes = {act: wanted[act] or ("all" if act == "maturity" else "")}
        count = catalog.edit_titles(**to_whom, **cast("Any", changes))
    else:
        if act == "publish":
            _require_prices(ids)
        count = catalog.move_titles(**to_whom, move=cast("Move", act))
    return ngettext("%(count)d title changed.", "%(count)d titles changed.", count) % {"count": count}


def _require_prices(ids: list[Any]) -> None:
    offers = monetization.offers_for_titles(ids)
    if without := sum(not offers.get(pk) for pk in ids):
        raise InvalidInputError(
            ngettext(
                "Nothing changed: %(count)d of them has no price yet. Say first whether it is free or what it costs.",
                "Nothing changed: %(count)d of them have no price yet. Say first which are free and what others cost.",
                without,
            )
            % {"count": without}
        )


def _earned(request: StudioRequest) -> dict[Any, Any]:
    """What each title brought its creator, in the currency that brought most sales."""
    currencies = monetization.earning_currencies(request.channel.id)
    if not currencies:
        return {}
    return {line.title_id: line.net for line in monetization.earnings_by_title(request.channel.id, currencies[0])}


def _tabs(kept: dict[str, str]) -> list[dict[str, Any]]:
    others = {name: value for name, value in kept.items() if name != "state"}
    return [
        {
            "label": label,
            "href": f"?{urlencode({**others, **({'state': value} if value else {})})}",
            "current": value == kept.get("state", ""),
        }
        for value, label in STATES
    ]


def _back(request: StudioRequest) -> str:
    """The page the form was sent from, never another site's."""
    here = request.POST.get("here", "")
    return (
        here
        if here.startswith("/studio/") and url_has_allowed_host_and_scheme(here, allowed_hosts=None)
        else "studio:titles"
    )
