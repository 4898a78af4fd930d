"""A tip: how much, a word with it, the way to pay, and the channel's thanks."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from footlights.catalog.api import Channel, Title, find_title_by_path, get_channel, get_channel_by_handle, get_title
from footlights.engagement.api import Room, TipPlace, get_room, tip_place
from footlights.giving import api as giving
from footlights.giving.api import State, Tip, TipsClosedError
from footlights.invoicing.api import note_language
from footlights.kernel.clock import now
from footlights.kernel.errors import FootlightsError, IdempotencyConflictError, InvalidInputError, NotFoundError
from footlights.kernel.ids import parse_id
from footlights.payments.api import GatewayUnreachableError, MethodGoneError, can_be_paid, list_methods, note_consent
from footlights.web.access import person_id_of
from footlights.web.giving.agreed import agreed_to_tip, tip_terms
from footlights.web.giving.forms import TipForm
from footlights.web.rooms.subjects import path_of, require_admitted
from footlights.web.whereabouts import currency_chosen

POLL_S = 1


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who gets it, and for what."""

    channel: Channel
    title: Title | None
    room: Room | None = None
    is_question: bool = False  # it is given for an answer in the room

    @property
    def path(self) -> str:
        if self.room:
            return path_of(self.room)
        return self.title.path if self.title else self.channel.path

    @property
    def terms(self) -> str:
        return tip_terms(is_question=self.is_question, is_shown=self.room is not None)

    @property
    def about(self) -> str:
        return TipPlace(self.room.id, self.is_question).about if self.room else ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, handle: str, slug: str = "") -> HttpResponse:
    """Ask how much; POST leads to the payment page, or straight to the thanks when a kept card pays."""
    receiver = _receiver(request, handle, slug)
    if not giving.tip_jar(receiver.channel.id).is_open:
        messages.info(request, _("This channel takes no tips."))
        return redirect(receiver.path)
    methods = list_methods(person_id_of(request))
    wanted = request.POST.get("currency", "") if request.method == "POST" else currency_chosen(request)
    currency = giving.tip_currency(wanted)
    if request.method == "POST" and wanted not in {"", currency}:  # 500 yen are not 500 cents
        messages.info(request, _("Tips are in %(currency)s now. Nothing was charged.") % {"currency": currency})
        return redirect(request.path)
    limits = giving.tip_limits(currency, now())
    sent = request.POST if request.method == "POST" else None
    form = TipForm(sent, limits=limits, methods=methods, is_question=receiver.is_question)
    if request.method != "POST" or not form.is_valid():
        return _page(request, receiver, form)
    if not can_be_paid():
        return _page(request, receiver, form, status=503)  # the page says why
    return _give(request, receiver, form)


@never_cache
@require_safe
def tip(request: HttpRequest, tip_id: uuid.UUID) -> HttpResponse:
    """What became of it. While that is open the page asks again by itself; once it is paid it says thank you."""
    is_script = bool(getattr(request, "htmx", False))
    person_id = person_id_of(request)
    given = giving.get_tip(tip_id, person_id)
    if is_script and given.state is State.PAID:
        again: HttpResponse = HttpResponseClientRedirect(request.path)
        return again
    if not is_script and given.state is State.PENDING:
        giving.note_return(payment_id=given.payment_id, at=now())
    template = "giving/tip_state.html" if is_script else "giving/tip.html"
    return render(request, template, _what_became_of(given))


@require_POST
def give_back(request: HttpRequest, tip_id: uuid.UUID) -> HttpResponse:
    """Its giver takes it back, where the terms let them."""
    try:
        given = giving.return_tip(tip_id=tip_id, giver_id=person_id_of(request), at=now())
    except NotFoundError as error:
        raise Http404 from error
    except FootlightsError as error:
        messages.error(request, str(error))
    else:
        words = _("Your money is on its way back.")
        messages.success(request, words if given.state is State.REFUNDED else _("Your money goes back soon."))
    return redirect("giving:tip", tip_id)


def _give(request: HttpRequest, receiver: Receiver, form: TipForm) -> HttpResponse:
    person_id = person_id_of(request)
    note_language(person_id=person_id, wanted=request.headers.get("Accept-Language", ""))
    title_id = receiver.title.id if receiver.title else None
    try:
        given = giving.give_tip(
            giver_id=person_id,
            new=form.new_tip(channel_id=receiver.channel.id, title_id=title_id, about=receiver.about),
            idempotency_key=str(form.cleaned_data["key"]),
            method_id=form.method_id,
            at=now(),
        )
    except (InvalidInputError, MethodGoneError) as error:
        form.blame(error)
        return _page(request, receiver, form)
    except (IdempotencyConflictError, TipsClosedError):
        return redirect(request.get_full_path())  # the page again, with a key of its own, or with the reason
    except GatewayUnreachableError:
        return _page(request, receiver, form, wrong=_("The payment service does not answer."), status=503)
    note_consent(reference=f"tip:{given.id}", words=agreed_to_tip(given.amount, receiver.terms), at=now())
    is_open = given.state in {State.PENDING, State.UNKNOWN} and given.hosted_url
    address = given.hosted_url if is_open else reverse("giving:tip", args=[given.id])
    return HttpResponse(status=303, headers={"Location": address})


def _page(
    request: HttpRequest, receiver: Receiver, form: TipForm, *, status: int = 200, wrong: str = ""
) -> HttpResponse:
    context = {
        "channel": receiver.channel,
        "title": receiver.title,
        "room": receiver.room,
        "terms": receiver.terms,
        "back": receiver.path,
        "form": form,
        "wrong": wrong,
    }
    return render(request, "giving/give.html", context, status=status)


def _what_became_of(given: Tip) -> dict[str, object]:
    channel = get_channel(given.channel_id)
    title = _title_of(given)
    room = _room_of(given)
    back = title.path if title else channel.path
    return {
        "tip": given,
        "channel": channel,
        "title": title,
        "back": path_of(room) if room else back,
        "room": room,
        "thanks": giving.tip_jar(channel.id).thanks,
        "is_open": given.state in {State.PENDING, State.UNKNOWN},
        "may_return": given.state is State.PAID and not giving.why_tip_not_returned(given, now()),
        "poll_s": POLL_S,
    }


def _room_of(given: Tip) -> Room | None:
    place = tip_place(given.about)
    try:
        return get_room(place.room_id) if place else None
    except NotFoundError:  # it is gone; the tip is not
        return None


def _title_of(given: Tip) -> Title | None:
    if given.title_id is None:
        return None
    try:
        return get_title(given.title_id)
    except NotFoundError:  # it is gone; the tip is not
        return None


def _receiver(request: HttpRequest, handle: str, slug: str) -> Receiver:
    try:
        channel = get_channel_by_handle(handle)
    except NotFoundError as error:
        raise Http404 from error
    title = find_title_by_path(handle, slug) if slug else None
    if slug and title is None:
        raise Http404
    room = _room(request, channel)
    return Receiver(channel, title, room, room is not None and "ask" in request.GET)


def _room(request: HttpRequest, channel: Channel) -> Room | None:
    """The room it is given in, if they may be there."""
    room_id = parse_id(request.GET.get("room", ""))
    if room_id is None:
        return None
    try:
        room = get_room(room_id)
        require_admitted(room, person_id_of(request))
    except NotFoundError:
        return None
    return room if room.channel_id == channel.id else None
