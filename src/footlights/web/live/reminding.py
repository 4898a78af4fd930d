"""Reminders of a broadcast: asked for on its page, mailed shortly before it begins, ended by one click in the mail."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.kernel.events import subscribe
from footlights.live import api as live
from footlights.live.api import Broadcast, State, WrongMomentError
from footlights.live.events import RemindersDue
from footlights.web import letters
from footlights.web.access import person_id_of
from footlights.web.live.mails import moment_words

SALT = "live.no_reminder"


def reminder_context(request: HttpRequest, broadcast: Broadcast) -> dict[str, Any]:
    """What live/reminder.html takes. Where no mail arrives nobody is offered one."""
    offers = settings.MAILS_ARRIVE and live.takes_reminders(broadcast, now())
    person_id = request.user.pk
    is_asked = offers and person_id is not None and live.is_reminded(broadcast.id, person_id)
    return {"offers_reminder": offers, "is_reminded": is_asked}


@require_POST
def reminder(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for one; `drop` takes it back."""
    person_id = person_id_of(request)
    broadcast = live.get_broadcast_by_token(token, person_id)
    if request.POST.get("drop"):
        live.drop_reminder(broadcast_id=broadcast.id, person_id=person_id)
        messages.success(request, _("You get no reminder of it."))
        return redirect("live:watch", token)
    try:
        live.ask_for_reminder(broadcast_id=broadcast.id, person_id=person_id, at=now())
    except WrongMomentError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("We mail you half an hour before it begins."))
    return redirect("live:watch", token)


@csrf_exempt  # mail programs send the form by themselves (RFC 8058); the token is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def no_reminder(request: HttpRequest, proof: str) -> HttpResponse:
    """The link in the mail: nobody has to sign in to be left alone."""
    try:
        broadcast_id, person_id = map(UUID, signing.loads(proof, salt=SALT))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NotFoundError("This link opens nothing.") from error
    broadcast = live.get_broadcast(broadcast_id)
    if request.method == "POST":
        live.drop_reminder(broadcast_id=broadcast_id, person_id=person_id)
    context = {"broadcast": broadcast, "is_reminded": live.is_reminded(broadcast_id, person_id)}
    return render(request, "live/no_reminder.html", context)


@subscribe(RemindersDue)
def remind(event: RemindersDue) -> None:
    """Everybody who is due, some at a time; each is noted in the transaction that hands over their mail."""
    while _remind_some(event.broadcast_id):
        pass


@transaction.atomic
def _remind_some(broadcast_id: UUID) -> int:
    due = live.take_due_reminders(broadcast_id, now())
    broadcast = live.get_broadcast(broadcast_id)
    for person_id in due:
        letters.send_to_person(person_id, "live/email/reminder", **_context_of(broadcast, person_id))
    return len(due)


def _context_of(broadcast: Broadcast, person_id: UUID) -> dict[str, Any]:
    proof = signing.dumps([str(broadcast.id), str(person_id)], salt=SALT)
    return {
        "event": broadcast.name,
        "is_on_air": broadcast.state is State.ON_AIR,
        "starts": moment_words(broadcast.starts_at),
        "link": settings.SITE_URL + reverse("live:watch", args=[broadcast.token]),
        "no_more_link": settings.SITE_URL + reverse("live:no_reminder", args=[proof]),
    }
