"""The channel's room: open it, close it, and let somebody back who was banned."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from footlights.accounts.api import Person, list_persons
from footlights.engagement import api as engagement
from footlights.kernel.clock import now
from footlights.web.paging import PER_PAGE, number_of, page_of
from footlights.web.rooms.subjects import subject_of_channel
from footlights.web.studio.current import StudioRequest, person_id, with_channel


@require_safe
@with_channel
def show(request: StudioRequest) -> HttpResponse:
    offset = (number_of(request) - 1) * PER_PAGE
    page = page_of(request, engagement.list_bans(request.channel.id, limit=PER_PAGE + 1, offset=offset))
    persons = list_persons({each.person_id for each in page.rows} | {each.by_id for each in page.rows})
    bans = [
        {"ban": each, "name": _name(persons.get(each.person_id)), "by": _name(persons.get(each.by_id))}
        for each in page.rows
    ]
    listed = engagement.word_list(request.channel.id)
    context = {
        "section": "room",
        "room": _room(request),
        "bans": bans,
        "page": page,
        "own_words": "\n".join(listed.own),
        "languages": [
            (code, get_language_info(code)["name_translated"], code in listed.languages) for code in engagement.LISTS
        ],
    }
    return render(request, "studio/room.html", context)


@require_POST
@with_channel
def open_it(request: StudioRequest) -> HttpResponse:
    channel = request.channel
    engagement.open_room(
        subject=subject_of_channel(channel.id), channel_id=channel.id, by_id=person_id(request), at=now()
    )
    return redirect("rooms:channel", channel.handle)


@require_POST
@with_channel
def close_it(request: StudioRequest) -> HttpResponse:
    if room := _room(request):
        engagement.close_room(room_id=room.id, by_id=person_id(request), at=now())
        messages.success(request, _("Your room is closed. What was said in it is kept."))
    return redirect("studio:room")


@require_POST
@with_channel
def set_words(request: StudioRequest) -> HttpResponse:
    """For which words messages wait; too many are cut off, as the page says."""
    engagement.set_words(
        channel_id=request.channel.id,
        typed=request.POST.get("words", ""),
        languages=request.POST.getlist("language"),
        by_id=person_id(request),
    )
    messages.success(request, _("Saved. It counts from the next message on."))
    return redirect("studio:room")


@require_POST
@with_channel
def let_back(request: StudioRequest, ban_id: UUID) -> HttpResponse:
    engagement.let_back(ban_id=ban_id, channel_id=request.channel.id, by_id=person_id(request))
    messages.success(request, _("They may come back."))
    return redirect("studio:room")


def _room(request: StudioRequest) -> engagement.Room | None:
    """The channel's own, once it was opened."""
    return engagement.find_room(subject_of_channel(request.channel.id))


def _name(person: Person | None) -> str:
    return person.among_colleagues.display_name if person else _("Somebody")
