"""The channel's room: open it, close it, and let somebody back who was banned."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from footlights.accounts.api import Person, list_persons
from footlights.engagement import api as engagement
from footlights.engagement.api import PollKind, RefusedError
from footlights.kernel.clock import now
from footlights.web.paging import PER_PAGE, number_of, page_of
from footlights.web.rooms.subjects import subject_of_channel
from footlights.web.studio.current import StudioRequest, person_id, with_channel

KINDS = {
    PollKind.SINGLE: _lazy("Choose one answer"),
    PollKind.MULTIPLE: _lazy("Choose several answers"),
    PollKind.RATING: _lazy("Rate from one to five"),
    PollKind.QUIZ: _lazy("Quiz: one answer is right"),
}
WRONG = {
    "": _lazy("Type a question and two to eight different answers, one a line."),
    "long": _lazy("A question has at most 200 characters, an answer 80."),
    "right": _lazy("Say which answer of the quiz is right."),
    "many": _lazy("You have fifty polls prepared. Remove one first."),
}


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
        "prepared": engagement.list_prepared(request.channel.id),
        "poll_kinds": [(kind.value, words) for kind, words in KINDS.items()],
        "answer_numbers": range(1, engagement.CHOICES_MAX + 1),
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
def prepare_poll(request: StudioRequest) -> HttpResponse:
    """A poll for later, from what was typed: its answers one a line, the right one by its number."""
    typed = request.POST
    right = typed.get("right", "")
    kind = typed.get("kind", "")
    try:
        engagement.prepare_poll(
            channel_id=request.channel.id,
            question=typed.get("question", ""),
            choices=[line for line in typed.get("choices", "").splitlines() if line.strip()],
            kind=PollKind(kind) if kind in set(PollKind) else PollKind.SINGLE,
            right=int(right) - 1 if right.isdecimal() else None,
            is_result_live="later" not in typed,
            at=now(),
        )
    except RefusedError as error:
        messages.error(request, WRONG.get(error.code, WRONG[""]))
    else:
        messages.success(request, _("Kept. You find it in the room under Polls."))
    return redirect("studio:room")


@require_POST
@with_channel
def drop_prepared(request: StudioRequest, prepared_id: UUID) -> HttpResponse:
    engagement.drop_prepared(prepared_id=prepared_id, channel_id=request.channel.id)
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
