"""A title's film and its trailer: how their files fare, and putting others in their place."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from footlights.catalog import api as catalog
from footlights.catalog.api import Title
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.media import api as media
from footlights.web.studio.answers import UNPROCESSABLE
from footlights.web.studio.current import StudioRequest, managed_title, parts_for, person_id, with_title
from footlights.web.studio.file_status import FileStatus, file_status, trailer_status
from footlights.web.studio.forms import sent_ids
from footlights.web.studio.views.editor import address, show_part


@require_http_methods(["GET", "POST"])
@with_title
def file(request: StudioRequest, title: Title) -> HttpResponse:
    """GET: how the file fares, asked again and again while it is on its way. POST: another file, or not after all."""
    if request.method == "GET":
        return _tell(request, title, file_status(title))
    if request.POST.get("act") == "keep":
        catalog.cancel_replacement(**_whose(request, title))
        messages.success(request, _("The file that plays now stays."))
        return redirect(address(title, "file"))
    return _take_upload(request, title, catalog.replace_file, file_status)


@require_http_methods(["GET", "POST"])
@with_title
def trailer(request: StudioRequest, title: Title) -> HttpResponse:
    """GET: the editor's section. POST: another trailer, by an upload that has just begun; or none; or the old one."""
    if request.method == "GET":
        return show_part(request, title, "trailer")
    if request.POST.get("act") == "keep":
        catalog.cancel_trailer(**_whose(request, title))
        messages.success(request, _("The trailer that plays now stays."))
    elif request.POST.get("act") == "remove":
        catalog.remove_trailer(**_whose(request, title))
        messages.success(request, _("The trailer is gone."))
    else:
        return _take_upload(request, title, catalog.set_trailer, trailer_status)
    return redirect(address(title, "trailer"))


@require_safe
@with_title
def trailer_state(request: StudioRequest, title: Title) -> HttpResponse:
    """How the trailer's file fares, as `file` tells it of the film's."""
    return _tell(request, title, trailer_status(title))


@require_POST
@with_title
def retry(request: StudioRequest, title: Title) -> HttpResponse:
    return _try_again(request, title, file_status(title))


@require_POST
@with_title
def retry_trailer(request: StudioRequest, title: Title) -> HttpResponse:
    return _try_again(request, title, trailer_status(title))


def _tell(request: StudioRequest, title: Title, status: FileStatus) -> HttpResponse:
    was = request.GET.get("was", status.state)
    context = {"title": title, "status": status, "card": request.GET.get("card")} | parts_for(request)
    answer = render(request, "studio/file.html", context)
    if was != status.state and status.state in {"playable", "ready", "failed"}:
        answer["HX-Trigger"] = f"{status.part}-changed"
    return answer


def _try_again(request: StudioRequest, title: Title, status: FileStatus) -> HttpResponse:
    if status.may_retry and status.asset is not None:
        media.retry_asset(asset_id=status.asset.id, owner_id=title.owner_id, at=now())
        messages.success(request, _("We are trying again."))
    return redirect(address(title, status.part))


def _take_upload(
    request: StudioRequest, title: Title, take: Callable[..., Title], status_of: Callable[[Title], FileStatus]
) -> HttpResponse:
    """An upload that has just begun takes the file's place. Answers with how it fares."""
    try:
        take(**_whose(request, title), upload_id=sent_ids([request.POST.get("upload_id", "")])[0])
    except (InvalidInputError, NotFoundError, catalog.WrongStateError) as error:
        return HttpResponse(str(error), status=UNPROCESSABLE, content_type="text/plain; charset=utf-8")
    title = managed_title(request, title.id)
    return render(request, "studio/file.html", {"title": title, "status": status_of(title)} | parts_for(request))


def _whose(request: StudioRequest, title: Title) -> dict[str, Any]:
    return {"title_id": title.id, "editor_id": person_id(request), "at": now()}
