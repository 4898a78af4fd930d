"""A broadcast for people's calendars (RFC 5545): a file to open once, or an address that a calendar asks again."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from footlights.catalog.api import get_channel
from footlights.kernel.clock import now
from footlights.live.api import Broadcast, State, get_announced

LASTS = timedelta(hours=1)  # nobody knows how long it will be; an event without a length is hard to see in a calendar


@never_cache
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001  a view is given one
    """To whoever has the address, as the page; once cancelled it still says so, for calendars that had it before."""
    broadcast = get_announced(token)
    name = slugify(broadcast.name) or "broadcast"
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return HttpResponse(_calendar_of(broadcast).to_ical(), content_type="text/calendar; charset=utf-8", headers=headers)


def _calendar_of(broadcast: Broadcast) -> Calendar:
    is_cancelled = broadcast.state is State.CANCELLED
    link = settings.SITE_URL + reverse("live:watch", args=[broadcast.token])
    event = Event()
    event.add("uid", str(broadcast.id))  # without the service's name, which may change (RFC 7986 §5.3)
    event.add("sequence", broadcast.sequence)
    event.add("dtstamp", now())
    event.add("dtstart", broadcast.starts_at)
    event.add("duration", LASTS)
    event.add("summary", f"{broadcast.name} · {get_channel(broadcast.channel_id).name}")
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("url", link)
    if not is_cancelled:
        event.add("description", "\n\n".join(part for part in (broadcast.words, link) if part))
    whole = Calendar()
    whole.add("prodid", "-//Footlights//Broadcasts//EN")
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    whole.add_component(event)
    return whole
