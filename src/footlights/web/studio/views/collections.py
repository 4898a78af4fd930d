"""The channel's collections and seasons: make one, say what it is called, put titles in and in order, put it out."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from footlights.accounts import api as accounts
from footlights.catalog import api as catalog
from footlights.catalog.api import Collection, Episode, Title
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.monetization import api as monetization
from footlights.monetization.api import OfferKind
from footlights.web.access import let_in
from footlights.web.studio.answers import UNPROCESSABLE
from footlights.web.studio.collection_form import AllPriceForm, CollectionForm, NewCollectionForm, one_by_one
from footlights.web.studio.current import StudioRequest, View, parts_for, person_id, with_channel
from footlights.web.studio.forms import blame, sent_ids
from footlights.web.studio.presenting import badge_of, net_of

TITLES_OFFERED = 200
WAYS = {"up", "down", "first", "last"}


def with_collection(view: View) -> View:
    """Give the view its collection instead of the id, if the person may do that to it. To others there is none."""

    @wraps(view)
    def wrapped(request: HttpRequest, collection_id: UUID, *args: Any, **kwargs: Any) -> Any:
        collection, role = catalog.get_managed_collection(collection_id, person_id(request))
        let_in(request, role)
        return view(request, collection, *args, **kwargs)

    return wrapped


@require_safe
@with_channel
def show(request: StudioRequest) -> HttpResponse:
    found = catalog.list_collections_of(request.channel.id)
    counts = catalog.count_titles_in([each.id for each in found])
    lines = [{"collection": each, "count": counts.get(each.id, 0)} for each in found]
    return render(request, "studio/collections.html", parts_for(request) | {"section": "titles", "lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@with_channel
def new(request: StudioRequest) -> HttpResponse:
    form = NewCollectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = catalog.create_collection(
                channel_id=request.channel.id,
                editor_id=person_id(request),
                kind=form.cleaned_data["kind"],
                at=now(),
                **form.words(),
            )
        except InvalidInputError as error:
            blame(form, error)
        else:
            return redirect("studio:collection", made.id)
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "studio/collection_new.html", {"section": "titles", "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@with_collection
def collection(request: StudioRequest, found: Collection) -> HttpResponse:
    """All about one; a POST changes its words."""
    if request.method != "POST":
        return show_page(request, found)
    form = CollectionForm(request.POST)
    if form.is_valid():
        try:
            catalog.edit_collection(collection_id=found.id, editor_id=person_id(request), at=now(), **form.words())
        except InvalidInputError as error:
            blame(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("studio:collection", found.id)
    return show_page(request, found, form=form, status=UNPROCESSABLE)


@require_POST
@with_collection
def add(request: StudioRequest, found: Collection) -> HttpResponse:
    ids = sent_ids(request.POST.getlist("ids"))
    return _done(request, found, lambda asked: catalog.add_to_collection(**asked, title_ids=ids))


@require_POST
@with_collection
def move(request: StudioRequest, found: Collection, title_id: UUID) -> HttpResponse:
    way: Any = request.POST.get("way")
    if way not in WAYS:
        raise Http404
    return _done(request, found, lambda asked: catalog.move_in_collection(**asked, title_id=title_id, way=way))


@require_POST
@with_collection
def remove(request: StudioRequest, found: Collection, title_id: UUID) -> HttpResponse:
    return _done(request, found, lambda asked: catalog.remove_from_collection(**asked, title_id=title_id))


@require_POST
@with_collection
def visibility(request: StudioRequest, found: Collection) -> HttpResponse:
    """For everybody, or for its makers alone."""
    verb = catalog.publish_collection if request.POST.get("state") == "published" else catalog.unpublish_collection
    return _done(request, found, lambda asked: verb(**asked))


@require_POST
@with_collection
def delete(request: StudioRequest, found: Collection) -> HttpResponse:
    catalog.delete_collection(collection_id=found.id, editor_id=person_id(request), at=now())
    messages.success(request, _("“%(name)s” is deleted. Its titles are where they were.") % {"name": found.name})
    return redirect("studio:collections")


def show_page(
    request: StudioRequest, found: Collection, *, status: int = 200, problem: str = "", **forms: Any
) -> HttpResponse:
    inside = catalog.list_titles_in(found.id)
    context = parts_for(request) | {
        "section": "titles",
        "collection": found,
        "lines": _lines(inside),
        "others": _others(found, inside),
        "form": CollectionForm.of(found),
        **price_parts(found, inside),
        "problem": problem,
        **forms,
    }
    is_script = bool(request.htmx) and not forms
    template = "studio/collection_titles.html" if is_script else "studio/collection.html"
    return render(request, template, context, status=status)


def price_parts(found: Collection, inside: list[Episode]) -> dict[str, Any]:
    """What the price's section shows: the form, what stays of the price, and what its titles cost one by one."""
    offer = monetization.find_collection_offer(found.id)
    home = accounts.get_installation().currency
    form = AllPriceForm.of(offer, currency=home)
    offers = monetization.offers_for_titles([each.title.id for each in inside])
    alone = one_by_one(offers.values(), offer.price.currency if offer else home)
    net = net_of(offer.price if offer else None, OfferKind.BUY, found.channel_id)
    return {"price_form": form, "offer": offer, "net": net, "alone": alone}


def _lines(inside: list[Episode]) -> list[dict[str, Any]]:
    ends = {inside[0].place, inside[-1].place} if inside else set()
    first, last = min(ends, default=0), max(ends, default=0)
    return [
        {
            "title": each.title,
            "place": each.place,
            "badge": badge_of(each.title),
            "is_first": each.place == first,
            "is_last": each.place == last,
        }
        for each in inside
    ]


def _others(found: Collection, inside: list[Episode]) -> list[Title]:
    """The channel's titles that are not in it, the newest first."""
    ids = {each.title.id for each in inside}
    own = catalog.list_titles_of(found.channel_id, limit=TITLES_OFFERED)
    return [title for title in own if title.id not in ids]


def _done(request: StudioRequest, found: Collection, act: Callable[[dict[str, Any]], object]) -> HttpResponse:
    """Do it and show the page, or for a script the list of titles; what is refused is said where it was asked."""
    try:
        act({"collection_id": found.id, "editor_id": person_id(request), "at": now()})
    except InvalidInputError as error:
        return show_page(request, found, problem=str(error), status=UNPROCESSABLE)
    if request.htmx:
        return show_page(request, catalog.get_managed_collection(found.id, person_id(request))[0])
    return redirect("studio:collection", found.id)
