"""The upload page: a card for each file on its way. The bytes go to /uploads/ (tus); here titles are made for them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from footlights.accounts import api as accounts
from footlights.catalog import api as catalog
from footlights.catalog.api import Title
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.media import api as media
from footlights.monetization import api as monetization
from footlights.monetization.api import Offer
from footlights.web.studio.answers import UNPROCESSABLE
from footlights.web.studio.current import StudioRequest, parts_for, person_id, with_channel
from footlights.web.studio.file_status import file_status
from footlights.web.studio.forms import DetailsForm, prefix_of, sent_ids
from footlights.web.studio.price_form import PriceForm

SHOWN = 20


@require_safe
@with_channel
def show(request: StudioRequest) -> HttpResponse:
    """The place to drop files, and the drafts whose files are still on their way."""
    drafts = catalog.list_titles_of(request.channel.id, states=["draft", "published", "scheduled"], limit=SHOWN)
    waiting = [title for title in drafts if not title.playable and title.upload_id]
    offers = monetization.offers_for_titles([title.id for title in waiting])
    cards = [_card(title, offers[title.id]) for title in waiting]
    room = media.get_upload_room(person_id(request), at=now())
    context = {"section": "titles", "cards": cards, "room": room, **parts_for(request)}
    return render(request, "studio/upload.html", context)


@require_POST
@with_channel
def create(request: StudioRequest) -> HttpResponse:
    """An upload has begun: make its draft and answer with its card. Asked twice, it is the same draft."""
    upload_id = sent_ids([request.POST.get("upload_id", "")])[0]
    try:
        title = catalog.create_title(
            channel_id=request.channel.id,
            editor_id=person_id(request),
            name=_name_from(request.POST.get("filename", "")),
            upload_id=upload_id,
            at=now(),
        )
    except (InvalidInputError, NotFoundError) as error:
        return HttpResponse(str(error), status=UNPROCESSABLE, content_type="text/plain; charset=utf-8")
    context = {"card": _card(title, monetization.list_offers(title.id))} | parts_for(request)
    return render(request, "studio/upload_card.html", context)


def _card(title: Title, offers: list[Offer]) -> dict[str, object]:
    prefix = prefix_of(title)
    return {
        "title": title,
        "status": file_status(title),
        "details": DetailsForm.of(title, prefix=prefix),
        "price": PriceForm.of(offers, currency=accounts.get_installation().currency, prefix=prefix),
    }


def _name_from(filename: str) -> str:
    """A first name for the title: the file's, without its ending and its underscores."""
    stem = filename.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    printable = "".join(c if c.isprintable() and c not in "_." else " " for c in stem)
    words = " ".join(printable.split())[:150].strip()
    return words or _("Untitled")
