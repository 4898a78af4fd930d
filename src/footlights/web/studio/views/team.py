"""The channel's team: who is in it and as what; inviting, changing, removing, leaving."""

from uuid import UUID

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from footlights.accounts.api import Permission, Role, list_persons, masked_address, role_named
from footlights.catalog import api as catalog
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.web import letters
from footlights.web.studio.answers import UNPROCESSABLE
from footlights.web.studio.current import SESSION_KEY, StudioRequest, person_id, with_channel
from footlights.web.studio.forms import blame
from footlights.web.studio.roles import CHOICES, WHAT_THEY_DO, InviteForm, RoleForm


@never_cache
@require_safe
@with_channel
def show(request: StudioRequest) -> HttpResponse:
    return _page(request, InviteForm())


@require_POST
@with_channel
def invite(request: StudioRequest) -> HttpResponse:
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            _invite(request, form.cleaned_data["email"], role_named(form.cleaned_data["role"]))
        except InvalidInputError as error:
            blame(form, error)
        else:
            return redirect("studio:team")
    return _page(request, form)


@require_POST
@with_channel
def withdraw(request: StudioRequest, invitation_id: UUID) -> HttpResponse:
    catalog.withdraw_invitation(channel_id=request.channel.id, invitation_id=invitation_id, by_id=person_id(request))
    messages.success(request, _("The invitation is withdrawn. Its link opens nothing any more."))
    return redirect("studio:team")


@require_POST
@with_channel
def change_role(request: StudioRequest, person_id: UUID) -> HttpResponse:
    form = RoleForm(request.POST)
    if form.is_valid():
        role = role_named(form.cleaned_data["role"])
        with transaction.atomic():
            is_other = catalog.change_member_role(
                channel_id=request.channel.id, person_id=person_id, role=role, by_id=request.user.pk, at=now()
            )
            if is_other:
                words = {"channel": request.channel.name, "role": role.words, "does": WHAT_THEY_DO[role]}
                letters.send_to_person(person_id, "studio/email/team_role", **words)
        messages.success(request, _("Saved."))
    return redirect("studio:team")


@require_POST
@with_channel
def remove(request: StudioRequest, person_id: UUID) -> HttpResponse:
    with transaction.atomic():
        catalog.remove_member(channel_id=request.channel.id, person_id=person_id, by_id=request.user.pk, at=now())
        letters.send_to_person(person_id, "studio/email/team_removed", channel=request.channel.name)
    messages.success(request, _("They are out of the team. What they made stays."))
    return redirect("studio:team")


@require_POST
@with_channel
def leave(request: StudioRequest) -> HttpResponse:
    if request.role is Role.CREATOR:
        messages.error(request, _("You opened this channel, so you cannot leave it."))
        return redirect("studio:team")
    with transaction.atomic():
        catalog.leave_team(channel_id=request.channel.id, person_id=person_id(request), at=now())
        who = request.user.display_name or masked_address(request.user.email)
        letters.send_to_person(
            request.channel.owner_id, "studio/email/team_left", who=who, channel=request.channel.name
        )
    request.session.pop(SESSION_KEY, None)
    messages.success(request, _("You left the team of %(channel)s.") % {"channel": request.channel.name})
    return redirect("account:home")


def _invite(request: StudioRequest, address: str, role: Role) -> None:
    if not ratelimit.consume(request, action="invite", user=request.user):
        raise InvalidInputError(_("That were many invitations for one day. Go on tomorrow."))
    with transaction.atomic():
        token = catalog.invite_member(
            channel_id=request.channel.id, by_id=person_id(request), address=address, role=role, at=now()
        )
        link = f"{settings.SITE_URL}{reverse('studio:invitation', args=[token])}"
        letters.send(
            address,
            "studio/email/team_invitation",
            link=link,
            channel=request.channel.name,
            who=str(request.user),
            role=role.words,
            does=WHAT_THEY_DO[role],
        )
    if settings.MAILS_ARRIVE:
        messages.success(request, _("The invitation is on its way to %(address)s.") % {"address": address})
    else:  # nobody brings mails here, so it is passed on by hand
        message = render_to_string("studio/invitation_link.html", {"link": link, "address": address})
        messages.info(request, SafeString(message), extra_tags="stays")


def _page(request: StudioRequest, form: InviteForm) -> HttpResponse:
    channel, may_manage = request.channel, Permission.MANAGE_TEAM in request.may
    team = catalog.list_team(channel.id)
    people = list_persons([channel.owner_id, *(member.person_id for member in team)])
    people = {pk: person.among_colleagues for pk, person in people.items()}
    context = {
        "section": "team",
        "owner": people.get(channel.owner_id),
        "owner_does": WHAT_THEY_DO[Role.CREATOR],
        "members": [
            {"member": member, "person": people.get(member.person_id), "does": WHAT_THEY_DO[member.role]}
            for member in team
        ],
        "may_manage": may_manage,
        "invitations": catalog.list_invitations(channel.id, now()) if may_manage else [],
        "form": form,
        "roles": CHOICES,
    }
    return render(request, "studio/team.html", context, status=UNPROCESSABLE if form.errors else 200)
