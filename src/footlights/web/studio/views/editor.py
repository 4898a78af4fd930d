"""The frame of the title's editor: the whole page, one part of it, and what a form in it answers."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from footlights.accounts import api as accounts
from footlights.catalog import api as catalog
from footlights.catalog.api import Title
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.media import api as media
from footlights.monetization import api as monetization
from footlights.web.studio.answers import UNPROCESSABLE
from footlights.web.studio.chapters_form import ChaptersForm
from footlights.web.studio.conversation_form import ConversationForm
from footlights.web.studio.current import StudioRequest, managed_title, parts_for
from footlights.web.studio.file_status import file_status, find_asset, trailer_status
from footlights.web.studio.forms import CaptionsForm, DetailsForm, PosterForm, VisibilityForm, blame
from footlights.web.studio.members_form import MembersForm
from footlights.web.studio.presenting import badge_of, net_of, price_words
from footlights.web.studio.price_form import PriceForm

Act = Callable[[Any], object]


def take_form(request: StudioRequest, title: Title, part: str, form: Any, act: Act) -> HttpResponse:
    """Do what the form asks for, or show it again with what is wrong, and with all that was typed."""
    if form.is_valid():
        try:
            act(form)
        except (InvalidInputError, catalog.WrongStateError, monetization.MonetizationError) as error:
            blame(form, error)
        except NotFoundError:
            blame(form, InvalidInputError(_("That file is not there any more.")))
        else:
            return saved(request, title, part)
    if request.htmx:
        return show_part(request, title, part, {part: form}, status=UNPROCESSABLE)
    return show_page(request, title, {part: form}, status=UNPROCESSABLE)


def saved(request: StudioRequest, title: Title, part: str) -> HttpResponse:
    messages.success(request, _("Saved."))
    if request.htmx:
        return show_part(request, managed_title(request, title.id), part, changed=True)
    return redirect(address(title, part))


def show_page(
    request: StudioRequest, title: Title, forms: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    return render(request, "studio/title.html", _context(request, title, forms or {}), status=status)


def show_part(
    request: StudioRequest,
    title: Title,
    part: str,
    forms: dict[str, Any] | None = None,
    *,
    changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    """One section of the editor, and with it the head and the messages when something changed."""
    context = _context(request, title, forms or {}) | {"part": f"studio/title_{part}.html", "changed": changed}
    return render(request, "studio/title_part.html", context, status=status)


def address(title: Title, part: str = "") -> str:
    return reverse("studio:title", args=[title.id]) + (f"#{part}" if part else "")


def _context(request: StudioRequest, title: Title, forms: dict[str, Any]) -> dict[str, Any]:
    offers = monetization.list_offers(title.id)
    status = file_status(title)
    chosen = status.asset or find_asset(title.asset_id)
    return parts_for(request) | {
        "section": "titles",
        "title": title,
        "badge": badge_of(title),
        "offers": price_words(offers),
        "nets": {
            offer.kind.value: net_of(offer.price, offer.kind, title.channel_id) for offer in offers if offer.price
        },
        "status": status,
        "trailer": trailer_status(title),
        "candidates": chosen.poster_candidates if chosen else [],
        "captions_list": media.list_captions(title.asset_id) if title.asset_id else [],
        "details": forms.get("details") or DetailsForm.of(title),
        "poster": forms.get("poster") or PosterForm(),
        "chapters": forms.get("chapters") or ChaptersForm(chapters=catalog.list_chapters(title.id)),
        "captions": forms.get("captions") or CaptionsForm(initial={"language": title.language or "en"}),
        "price": forms.get("price") or PriceForm.of(offers, currency=accounts.get_installation().currency),
        "members": forms.get("members") or MembersForm.of(offers, title.channel_id),
        "visibility": forms.get("visibility") or VisibilityForm.of(title),
        "conversation": forms.get("conversation") or ConversationForm.of(title.id),
        "undo_days": catalog.UNDO_DAYS,
        "public_url": f"{settings.SITE_URL}{title.path}",
        "embed_url": f"{settings.SITE_URL}{reverse('watch:embed', args=[title.id])}",
    }
