"""The page of a channel's room."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from footlights.accounts.api import Permission
from footlights.catalog.api import get_channel, get_channel_by_handle, may
from footlights.engagement import api as engagement
from footlights.engagement.api import Links, Review, Room, Speakers
from footlights.giving.api import tip_jar
from footlights.web.rooms.endpoints import speaker_id
from footlights.web.rooms.subjects import subject_of_channel


@never_cache
@require_safe
def channel(request: HttpRequest, handle: str) -> HttpResponse:
    """The room, or that it is closed."""
    found = get_channel_by_handle(handle)
    room = engagement.find_room(subject_of_channel(found.id))
    if room is None or not room.is_open:
        may_open = may(speaker_id(request), Permission.MODERATE, found.id)
        return render(request, "rooms/closed.html", {"channel": found, "may_open": may_open}, status=404)
    return render(request, "rooms/channel.html", {"channel": found, **panel_context(request, room)})


def panel_context(request: HttpRequest, room: Room) -> dict[str, object]:
    """What rooms/panel.html shows, wherever it stands."""
    person_id = speaker_id(request)
    return {
        "room": room,
        "may_speak": person_id is not None,
        "may_moderate": may(person_id, Permission.MODERATE, room.channel_id),
        "reactions": engagement.REACTIONS,
        "appeal_length_max": engagement.APPEAL_LENGTH_MAX,
        "say_length_max": engagement.SAY_LENGTH_MAX,
        "question_length_max": engagement.QUESTION_LENGTH_MAX,
        "time_outs": [(seconds, seconds // 60) for seconds in engagement.TIME_OUTS_S],
        "rules_fields": _rules_fields(),
        "membership_url": reverse("memberships:tiers", args=[get_channel(room.channel_id).handle]),
        "words_url": reverse("studio:room"),
        "poll_times": [(seconds, _poll_time(seconds)) for seconds in engagement.POLL_CHOICES_S],
        "tip_url": _tip_url(room),
    }


def _tip_url(room: Room) -> str:
    """Where one gives something in this room; nothing where the channel takes no tips."""
    if not tip_jar(room.channel_id).is_open:
        return ""
    handle = get_channel(room.channel_id).handle
    return f"{reverse('giving:tip_channel', args=[handle])}?room={room.id}"


def _poll_time(seconds: int) -> str:
    if not seconds:
        return _("When I close it")
    if seconds < 60:  # noqa: PLR2004  a minute
        return _("After %(seconds)s seconds") % {"seconds": seconds}
    minutes = seconds // 60
    return ngettext("After %(minutes)s minute", "After %(minutes)s minutes", minutes) % {"minutes": minutes}


def _rules_fields() -> list[dict[str, object]]:
    """What staff may change, as the panel's form asks it."""
    slow = [
        (
            seconds,
            _("One message in %(seconds)s seconds") % {"seconds": seconds} if seconds else _("As often as they like"),
        )
        for seconds in engagement.SLOW_CHOICES_S
    ]
    return [
        {"name": "speakers", "label": _("Who may write"), "choices": [
            (Speakers.EVERYBODY, _("Everybody who has signed in")), (Speakers.MEMBERS, _("Members of the channel"))]},
        {"name": "slow_s", "label": _("How often each may write"), "choices": slow},
        {"name": "links", "label": _("Links of viewers"), "choices": [
            (Links.REFUSED, _("Are not allowed")), (Links.HELD, _("Wait until the team has read them")),
            (Links.SHOWN, _("Are shown"))]},
        {"name": "review", "label": _("Before it is shown, the team reads"), "choices": [
            (Review.NOBODYS, _("nothing")), (Review.NEWCOMERS, _("the first message of each newcomer")),
            (Review.EVERYBODYS, _("every message"))]},
    ]  # fmt: skip
