"""One title in the editor: its words, who sees it, and its end. Its other parts have views of their own beside this."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from footlights.catalog import api as catalog
from footlights.catalog.api import Title
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.monetization import api as monetization
from footlights.web.studio.answers import UNPROCESSABLE, offer_undo
from footlights.web.studio.current import StudioRequest, managed_title, person_id, with_title
from footlights.web.studio.forms import DetailsForm, VisibilityForm, blame, prefix_of
from footlights.web.studio.price_form import PriceForm
from footlights.web.studio.views.editor import address, show_page, take_form
from footlights.web.studio.views.price import set_price


@require_http_methods(["GET", "POST"])
@with_title
def details(request: StudioRequest, title: Title) -> HttpResponse:
    if request.method == "GET":
        return show_page(request, title)
    form = DetailsForm(request.POST)
    return take_form(request, title, "details", form, lambda sent: _edit(request, title, sent))


@require_POST
@with_title
def autosave(request: StudioRequest, title: Title) -> HttpResponse:
    """What was typed so far, kept while the file is still on its way. Answers with one line of words."""
    prefix = prefix_of(title)
    try:
        if request.POST.get("part") == "price":
            form: Form = PriceForm(request.POST, prefix=prefix)
            if form.is_valid():
                set_price(request, title, form.cleaned_data["offers"])
        else:
            form = DetailsForm(request.POST, prefix=prefix)
            if form.is_valid():
                _edit(request, title, form)
    except (InvalidInputError, monetization.MonetizationError) as error:
        blame(form, error)
    errors = [str(error) for field in form.errors.values() for error in field]
    status = UNPROCESSABLE if errors else 200
    return render(request, "studio/autosaved.html", {"errors": errors, "at": now()}, status=status)


@require_POST
@with_title
def visibility(request: StudioRequest, title: Title) -> HttpResponse:
    form = VisibilityForm(request.POST)
    return take_form(request, title, "visibility", form, lambda sent: _show_to(request, title, sent.cleaned_data))


@require_POST
@with_title
def publish(request: StudioRequest, title: Title) -> HttpResponse:
    """The one big button: out to everybody, now or as soon as the file plays. An upload's card stays where it is."""
    try:
        _show_to(request, title, {"state": "published"})
    except (InvalidInputError, catalog.WrongStateError) as error:
        if request.htmx:
            return render(request, "studio/publish_line.html", {"title": title, "error": error}, status=UNPROCESSABLE)
        messages.error(request, str(error))
        return redirect(address(title, "price"))
    if request.htmx:
        return render(request, "studio/publish_line.html", {"title": managed_title(request, title.id)})
    words = _("It is out.") if title.playable else _("It goes out by itself as soon as it is ready to play.")
    messages.success(request, words)
    return redirect(address(title))


@require_POST
@with_title
def delete(request: StudioRequest, title: Title) -> HttpResponse:
    catalog.delete_title(title_id=title.id, editor_id=person_id(request), at=now())
    offer_undo(request, _("“%(name)s” is deleted.") % {"name": title.name}, [title.id])
    return redirect("studio:titles")


@require_POST
@with_title
def restore(request: StudioRequest, title: Title) -> HttpResponse:
    try:
        catalog.restore_title(title_id=title.id, editor_id=person_id(request), at=now())
    except catalog.WrongStateError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It is back as it was."))
    return redirect(address(title))


def _edit(request: StudioRequest, title: Title, form: DetailsForm) -> None:
    catalog.edit_title(title_id=title.id, editor_id=person_id(request), at=now(), **form.changes())


def _show_to(request: StudioRequest, title: Title, sent: dict[str, Any]) -> None:
    whose: dict[str, Any] = {"title_id": title.id, "editor_id": person_id(request), "at": now()}
    state = sent["state"]
    if state in {"published", "scheduled"} and not monetization.list_offers(title.id):
        raise InvalidInputError(_("Say first, under Price, whether it is free or what it costs."), field="state")
    if state == "scheduled":
        if title.state != "scheduled" or title.publish_at != sent["publish_at"]:
            catalog.schedule_title(**whose, publish_at=sent["publish_at"])
        return
    {"draft": catalog.unpublish_title, "unlisted": catalog.unlist_title, "published": catalog.publish_title}[state](
        **whose
    )
