"""The page behind an invitation's link. Looking at it does nothing: programs that check mails open links, too."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from footlights.accounts.api import find_person, masked_address
from footlights.catalog.api import Invitation, find_invitation, get_channel, join_team
from footlights.kernel.clock import now
from footlights.kernel.errors import NotAllowedError, NotFoundError
from footlights.web import letters
from footlights.web.access import ask_to_sign_in, person_id_of
from footlights.web.studio.current import SESSION_KEY
from footlights.web.studio.roles import WHAT_THEY_DO


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    invitation = find_invitation(token, now())
    if invitation is None:
        return render(request, "studio/invitation_over.html", status=404)
    if request.method != "POST":
        return _page(request, invitation)
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    try:
        with transaction.atomic():
            join_team(token=token, person_id=person_id_of(request), at=now())
            words = {"channel": invitation.channel_name, "role": invitation.role.words}
            who = request.user.display_name or masked_address(request.user.email)
            letters.send_to_person(
                get_channel(invitation.channel_id).owner_id, "studio/email/team_joined", who=who, **words
            )
    except NotFoundError:
        return render(request, "studio/invitation_over.html", status=404)
    except NotAllowedError:
        return _page(request, invitation, status=403)
    request.session.cycle_key()  # they may do more than before
    request.session[SESSION_KEY] = str(invitation.channel_id)
    messages.success(request, _("Welcome to the team of %(channel)s.") % {"channel": invitation.channel_name})
    return redirect("studio:home")


def _page(request: HttpRequest, invitation: Invitation, *, status: int = 200) -> HttpResponse:
    inviter = find_person(invitation.invited_by)
    user = request.user
    context = {
        "invitation": invitation,
        "does": WHAT_THEY_DO[invitation.role],
        "inviter": inviter.name if inviter else "",
        "is_theirs": user.is_authenticated and user.email == invitation.address,
        "hint": masked_address(invitation.address),
    }
    return render(request, "studio/invitation.html", context, status=status)
