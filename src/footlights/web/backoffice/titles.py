"""Every title of every channel, whatever its state, with what became of its file."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from footlights.accounts.api import list_masked_persons
from footlights.catalog.api import State, Title, get_title, search_all_titles
from footlights.kernel.clock import now
from footlights.kernel.errors import FootlightsError, NotFoundError
from footlights.media.api import get_asset, list_assets, retry_asset
from footlights.monetization.api import list_offers
from footlights.playback.api import view_counts
from footlights.web.media_words import stages_of
from footlights.web.paging import PER_PAGE, asked_in, number_of, page_of

STATES: tuple[State, ...] = ("published", "scheduled", "unlisted", "draft", "deleted")


@require_GET
def titles(request: HttpRequest) -> HttpResponse:
    text, state = asked_in(request), request.GET.get("state", "")
    rows = search_all_titles(
        text,
        state=next((each for each in STATES if each == state), None),
        limit=PER_PAGE + 1,
        offset=(number_of(request) - 1) * PER_PAGE,
    )
    page = page_of(request, rows)
    return render(
        request,
        "backoffice/titles.html",
        {
            "section": "titles",
            "page": page,
            "states": STATES,
            "state": state,
            "text": text,
            "lines": lines_of(page.rows),
        },
    )


@require_GET
def title(request: HttpRequest, title_id: UUID) -> HttpResponse:
    found = get_title(title_id)
    files = _files_of(found)
    assets = list_assets(files.values())
    context = {
        "section": "titles",
        "title": found,
        "owner": list_masked_persons([found.owner_id]).get(found.owner_id),
        "assets": [(role, assets[pk], stages_of(assets[pk])) for role, pk in files.items() if pk in assets],
        "offers": list_offers(title_id),
        "views": view_counts([title_id])[title_id],
        "stopped": ("failed", "rejected"),
    }
    return render(request, "backoffice/title.html", context)


@require_POST
def retry(request: HttpRequest, title_id: UUID) -> HttpResponse:
    """Send a title's file through the pipeline once more."""
    found = get_title(title_id)
    asset_id = request.POST.get("asset", "")
    if asset_id not in {str(pk) for pk in _files_of(found).values()}:
        raise NotFoundError("The title has no such file.")
    asset = get_asset(UUID(asset_id))
    try:
        retry_asset(asset_id=asset.id, owner_id=asset.owner_id, at=now())
    except FootlightsError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The file goes through the works again."))
    return redirect("backoffice:title", title_id)


def _files_of(title: Title) -> dict[str, UUID]:
    """What plays, and what is on its way, by what it is for."""
    files = {
        _("Film"): title.asset_id,
        _("Replacement"): title.next_asset_id,
        _("Trailer"): title.trailer_asset_id,
        _("Trailer to come"): title.next_trailer_asset_id,
    }
    return {role: asset_id for role, asset_id in files.items() if asset_id is not None}


def lines_of(found: Sequence[Title]) -> list[dict[str, object]]:
    """Each title with its owner and its file: two queries more, however many titles."""
    owners = list_masked_persons(title.owner_id for title in found)
    assets = list_assets(title.asset_id for title in found if title.asset_id)
    return [
        {
            "title": each,
            "owner": owners.get(each.owner_id),
            "asset": assets.get(each.asset_id) if each.asset_id else None,
        }
        for each in found
    ]
