"""The mails to ticket holders when a broadcast starts at another time, or does not take place."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from footlights.kernel.events import subscribe
from footlights.live.api import find_broadcasts
from footlights.live.events import BroadcastCancelled, BroadcastMoved
from footlights.monetization.api import list_ticket_holders
from footlights.web import letters


@subscribe(BroadcastMoved)
def tell_that_it_moved(event: BroadcastMoved) -> None:
    """Nothing once it was moved again: that has a mail of its own."""
    broadcast = find_broadcasts([event.broadcast_id]).get(event.broadcast_id)
    if broadcast and broadcast.starts_at == event.starts_at and not broadcast.is_over:
        link = settings.SITE_URL + reverse("live:watch", args=[broadcast.token])
        purchases = settings.SITE_URL + reverse("account:purchases")
        when = {"was": moment_words(event.was), "starts": moment_words(event.starts_at)}
        _send(event.broadcast_id, "live/email/moved", event.at, event=broadcast.name, link=link, back=purchases, **when)


@subscribe(BroadcastCancelled)
def tell_that_it_was_cancelled(event: BroadcastCancelled) -> None:
    broadcast = find_broadcasts([event.broadcast_id]).get(event.broadcast_id)
    if broadcast:
        _send(
            event.broadcast_id,
            "live/email/cancelled",
            event.at,
            event=broadcast.name,
            starts=moment_words(broadcast.starts_at),
        )


def _send(broadcast_id: UUID, letter: str, at: datetime, **context: str) -> None:
    """To all of them or to none, so that a second try tells nobody twice."""
    with transaction.atomic():
        for person_id in list_ticket_holders(broadcast_id, at):
            letters.send_to_person(person_id, letter, **context)


def moment_words(moment: datetime) -> str:
    """With its zone: nobody knows where a mail is read."""
    return f"{date_format(timezone.localtime(moment), 'j F Y, H:i')} {timezone.get_current_timezone_name()}"
