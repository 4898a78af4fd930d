"""Opening a channel, and its name, pictures and embedding."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from footlights.catalog import api as catalog
from footlights.catalog.api import ChannelChanges
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.playback import api as playback
from footlights.web.studio.answers import UNPROCESSABLE
from footlights.web.studio.current import SESSION_KEY, StudioRequest, person_id, with_channel
from footlights.web.studio.forms import ChannelEditForm, ChannelForm, EmbeddingForm, blame
from footlights.web.studio.pictures import keep_picture


@require_http_methods(["GET", "POST"])
def open_channel(request: HttpRequest) -> HttpResponse:
    form = ChannelForm(request.POST or None)
    first = not catalog.list_memberships(person_id(request))
    if request.method == "POST" and form.is_valid():
        try:
            channel = catalog.open_channel(owner_id=person_id(request), at=now(), **form.cleaned_data)
        except InvalidInputError as error:
            blame(form, error)
        else:
            request.session[SESSION_KEY] = str(channel.id)
            messages.success(request, _("Your channel is open."))
            return redirect("studio:upload" if first else "studio:home")
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "studio/channel_new.html", {"form": form, "first": first}, status=status)


@require_GET
def suggest_handle(request: HttpRequest) -> HttpResponse:
    """The address field with a suggestion that suits the name, while it is typed."""
    name = request.GET.get("name", "")[:80]
    form = ChannelForm(initial={"handle": catalog.suggest_handle(name) if name.strip() else ""})
    return render(request, "studio/handle.html", {"form": form})


@require_POST
@with_channel
def switch(request: StudioRequest) -> HttpResponse:
    wanted = request.POST.get("channel")
    if wanted not in {str(channel.id) for channel in request.channels}:
        raise Http404
    request.session[SESSION_KEY] = wanted
    return redirect("studio:home")


@require_http_methods(["GET", "POST"])
@with_channel
def edit(request: StudioRequest) -> HttpResponse:
    form = (
        ChannelEditForm(request.POST, request.FILES)
        if request.method == "POST"
        else ChannelEditForm.of(request.channel)
    )
    if request.method == "POST" and form.is_valid():
        try:
            changes = _pictures(request, form)
            changes |= {"name": form.cleaned_data["name"], "description": form.cleaned_data["description"]}
            catalog.edit_channel(channel_id=request.channel.id, editor_id=person_id(request), at=now(), **changes)
        except InvalidInputError as error:
            blame(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("studio:channel")
    return _page(request, form=form)


@require_POST
@with_channel
def embedding(request: StudioRequest) -> HttpResponse:
    form = EmbeddingForm(request.POST)
    if form.is_valid():
        try:
            playback.set_embed_policy(
                channel_id=request.channel.id,
                editor_id=person_id(request),
                anywhere=form.cleaned_data["anywhere"],
                domains=form.cleaned_data["domains"].split(),
                at=now(),
            )
        except InvalidInputError as error:
            blame(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("studio:channel")
    return _page(request, embedding_form=form)


def _page(
    request: StudioRequest, *, form: ChannelEditForm | None = None, embedding_form: EmbeddingForm | None = None
) -> HttpResponse:
    if embedding_form is None:
        policy = playback.get_embed_policy(request.channel.id)
        embedding_form = EmbeddingForm(initial={"anywhere": policy.anywhere, "domains": "\n".join(policy.domains)})
    form = form or ChannelEditForm.of(request.channel)
    context = {"section": "channel", "form": form, "embedding": embedding_form}
    status = UNPROCESSABLE if form.errors or embedding_form.errors else 200
    return render(request, "studio/channel.html", context, status=status)


def _pictures(request: StudioRequest, form: ChannelEditForm) -> ChannelChanges:
    """What was uploaded replaces; a ticked "remove" leaves none; else nothing changes."""
    changes: dict[str, UUID | None] = {}
    for purpose in ("avatar", "banner"):
        if request.POST.get(f"{purpose}_removed"):
            changes[f"{purpose}_id"] = None
        if file := form.cleaned_data[purpose]:
            changes[f"{purpose}_id"] = keep_picture(request.channel.owner_id, file, purpose=purpose, field=purpose)
    return cast("ChannelChanges", changes)
