"""One title's editor. Each part of it (details, poster, captions, price, visibility, file) is a form of its own."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from footlights.accounts import api as accounts
from footlights.catalog import api as catalog
from footlights.catalog.api import Title
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.money import parse_money
from footlights.media import api as media
from footlights.monetization import api as monetization
from footlights.web.studio.answers import UNPROCESSABLE, offer_undo
from footlights.web.studio.current import StudioRequest, managed_title, person_id, with_title
from footlights.web.studio.forms import (
    CaptionsForm,
    DetailsForm,
    PosterForm,
    PriceForm,
    VisibilityForm,
    blame,
    sent_ids,
)
from footlights.web.studio.pictures import keep_picture
from footlights.web.studio.presenting import badge_of, file_status, find_asset, price_words

Act = Callable[[Any], object]


@require_http_methods(["GET", "POST"])
@with_title
def details(request: StudioRequest, title: Title) -> HttpResponse:
    if request.method == "GET":
        return _page(request, title)
    form = DetailsForm(request.POST)
    return _send(request, title, "details", form, lambda sent: _edit(request, title, sent))


@require_POST
@with_title
def autosave(request: StudioRequest, title: Title) -> HttpResponse:
    """What was typed so far, kept while the file is still on its way. Answers with one line of words."""
    prefix = prefix_of(title)
    try:
        if request.POST.get("part") == "price":
            form: Form = PriceForm(request.POST, prefix=prefix)
            if form.is_valid():
                _set_price(request, title, form.cleaned_data["offers"])
        else:
            form = DetailsForm(request.POST, prefix=prefix)
            if form.is_valid():
                _edit(request, title, form)
    except (InvalidInputError, monetization.MonetizationError) as error:
        blame(form, error)
    errors = [str(error) for field in form.errors.values() for error in field]
    status = UNPROCESSABLE if errors else 200
    return render(request, "studio/autosaved.html", {"errors": errors, "at": now()}, status=status)


@require_http_methods(["GET", "POST"])
@with_title
def poster(request: StudioRequest, title: Title) -> HttpResponse:
    if request.method == "GET":
        return _part(request, title, "poster")
    form = PosterForm(request.POST, request.FILES)
    return _send(request, title, "poster", form, lambda sent: _set_poster(request, title, sent.cleaned_data))


@require_POST
@with_title
def captions(request: StudioRequest, title: Title) -> HttpResponse:
    form = CaptionsForm(request.POST, request.FILES)
    return _send(request, title, "captions", form, lambda sent: _add_captions(request, title, sent.cleaned_data))


@require_POST
@with_title
def remove_captions(request: StudioRequest, title: Title, captions_id: UUID) -> HttpResponse:
    if title.asset_id is not None and captions_id in {c.id for c in media.list_captions(title.asset_id)}:
        media.remove_captions(captions_id=captions_id, owner_id=person_id(request))
    return _done(request, title, "captions")


@require_POST
@with_title
def price(request: StudioRequest, title: Title) -> HttpResponse:
    form = PriceForm(request.POST)
    return _send(request, title, "price", form, lambda sent: _set_price(request, title, sent.cleaned_data["offers"]))


@require_POST
@with_title
def visibility(request: StudioRequest, title: Title) -> HttpResponse:
    form = VisibilityForm(request.POST)
    return _send(request, title, "visibility", form, lambda sent: _show_to(request, title, sent.cleaned_data))


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
        return redirect(_address(title, "price"))
    if request.htmx:
        return render(request, "studio/publish_line.html", {"title": managed_title(request, title.id)})
    words = _("It is out.") if title.playable else _("It goes out by itself as soon as it is ready to play.")
    messages.success(request, words)
    return redirect(_address(title))


@require_http_methods(["GET", "POST"])
@with_title
def file(request: StudioRequest, title: Title) -> HttpResponse:
    """GET: how the file fares, asked again and again while it is on its way. POST: another file, or not after all."""
    if request.method == "POST":
        return _replace(request, title)
    status = file_status(title)
    was = request.GET.get("was", status.state)
    answer = render(request, "studio/file.html", {"title": title, "status": status, "card": request.GET.get("card")})
    if was != status.state and status.state in {"playable", "ready", "failed"}:
        answer["HX-Trigger"] = "file-changed"
    return answer


@require_POST
@with_title
def retry(request: StudioRequest, title: Title) -> HttpResponse:
    status = file_status(title)
    if status.may_retry and status.asset is not None:
        media.retry_asset(asset_id=status.asset.id, owner_id=person_id(request), at=now())
        messages.success(request, _("We are trying again."))
    return redirect(_address(title, "file"))


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
    return redirect(_address(title))


@require_GET
def price_preview(request: StudioRequest) -> HttpResponse:
    """What of a price stays with the creator, while it is typed."""
    sent = request.GET.dict()
    amount = sent.get(sent.get("field", ""), "")[:20]
    currency = next((value for name, value in sent.items() if name.endswith("currency")), "")[:3]
    try:
        price = parse_money(amount, currency, locale=get_language() or "en") if amount.strip() else None
    except InvalidInputError as error:
        return render(request, "studio/net.html", {"error": str(error)})
    return render(request, "studio/net.html", net_of(price))


def prefix_of(title: Title) -> str:
    """Sets the fields of one title's card apart from those of another's on the same page."""
    return title.id.hex[-8:]


def net_of(price: Any) -> dict[str, Any]:
    if not price:
        return {}
    fee = monetization.fee_of(price)
    return {"net": price - fee, "fee": fee, "percent": f"{settings.PLATFORM_FEE_BPS / 100:g}"}


def _send(request: StudioRequest, title: Title, part: str, form: Any, act: Act) -> HttpResponse:
    """Do what the form asks for, or show it again with what is wrong, and with all that was typed."""
    if form.is_valid():
        try:
            act(form)
        except (InvalidInputError, catalog.WrongStateError, monetization.MonetizationError) as error:
            blame(form, error)
        except NotFoundError:
            blame(form, InvalidInputError(_("That file is not there any more.")))
        else:
            return _done(request, title, part)
    if request.htmx:
        return _part(request, title, part, {part: form}, status=UNPROCESSABLE)
    return _page(request, title, {part: form}, status=UNPROCESSABLE)


def _done(request: StudioRequest, title: Title, part: str) -> HttpResponse:
    messages.success(request, _("Saved."))
    if request.htmx:
        return _part(request, managed_title(request, title.id), part, changed=True)
    return redirect(_address(title, part))


def _page(
    request: StudioRequest, title: Title, forms: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    return render(request, "studio/title.html", _context(title, forms or {}), status=status)


def _part(
    request: StudioRequest,
    title: Title,
    part: str,
    forms: dict[str, Any] | None = None,
    *,
    changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    """One section of the editor, and with it the head and the messages when something changed."""
    context = _context(title, forms or {}) | {"part": f"studio/title_{part}.html", "changed": changed}
    return render(request, "studio/title_part.html", context, status=status)


def _context(title: Title, forms: dict[str, Any]) -> dict[str, Any]:
    offers = monetization.list_offers(title.id)
    status = file_status(title)
    chosen = status.asset or find_asset(title.asset_id)
    return {
        "section": "titles",
        "title": title,
        "badge": badge_of(title),
        "offers": price_words(offers),
        "nets": {offer.kind.value: net_of(offer.price) for offer in offers if offer.price},
        "status": status,
        "candidates": chosen.poster_candidates if chosen else [],
        "captions_list": media.list_captions(title.asset_id) if title.asset_id else [],
        "details": forms.get("details") or DetailsForm.of(title),
        "poster": forms.get("poster") or PosterForm(),
        "captions": forms.get("captions") or CaptionsForm(initial={"language": title.language or "en"}),
        "price": forms.get("price") or PriceForm.of(offers, currency=accounts.get_installation().currency),
        "visibility": forms.get("visibility") or VisibilityForm.of(title),
        "undo_days": catalog.UNDO_DAYS,
        "public_url": f"{settings.SITE_URL}{title.path}",
        "embed_url": f"{settings.SITE_URL}{reverse('watch:embed', args=[title.id])}",
    }


def _address(title: Title, part: str = "") -> str:
    return reverse("studio:title", args=[title.id]) + (f"#{part}" if part else "")


def _edit(request: StudioRequest, title: Title, form: DetailsForm) -> None:
    catalog.edit_title(title_id=title.id, editor_id=person_id(request), at=now(), **form.changes())


def _set_poster(request: StudioRequest, title: Title, sent: dict[str, Any]) -> None:
    chosen = sent.get("picture")
    if image := sent.get("image"):
        chosen = keep_picture(request, image, purpose="poster", field="image")
    catalog.edit_title(title_id=title.id, editor_id=person_id(request), at=now(), poster_id=chosen)


def _add_captions(request: StudioRequest, title: Title, sent: dict[str, Any]) -> None:
    if title.asset_id is None:
        raise InvalidInputError(_("Wait until the file is uploaded; then captions can join it."), field="file")
    media.add_captions(
        asset_id=title.asset_id,
        owner_id=person_id(request),
        language=sent["language"],
        body=sent["file"].read(),
        filename=sent["file"].name or "",
        at=now(),
    )


def _set_price(request: StudioRequest, title: Title, wanted: list[monetization.NewOffer]) -> None:
    """A changed price alone is its own operation; another set of ways replaces the old set."""
    current = {offer.kind: offer for offer in monetization.list_offers(title.id)}
    if current.keys() != {offer.kind for offer in wanted}:
        monetization.set_offers(title_id=title.id, editor_id=person_id(request), offers=wanted, at=now())
        return
    for offer in wanted:
        if current[offer.kind].price != offer.price:
            monetization.change_price(
                offer_id=current[offer.kind].id, editor_id=person_id(request), price=offer.price, at=now()
            )


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


def _replace(request: StudioRequest, title: Title) -> HttpResponse:
    """Another file for the same address, by an upload that has just begun; or keep the one that plays."""
    whose: dict[str, Any] = {"title_id": title.id, "editor_id": person_id(request), "at": now()}
    if request.POST.get("act") == "keep":
        catalog.cancel_replacement(**whose)
        messages.success(request, _("The file that plays now stays."))
        return redirect(_address(title, "file"))
    try:
        catalog.replace_file(**whose, upload_id=sent_ids([request.POST.get("upload_id", "")])[0])
    except (InvalidInputError, NotFoundError) as error:
        return HttpResponse(str(error), status=UNPROCESSABLE, content_type="text/plain; charset=utf-8")
    title = managed_title(request, title.id)
    return render(request, "studio/file.html", {"title": title, "status": file_status(title)})
