"""Giving and taking the roles of the house, on a person's page."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from footlights.accounts.api import HOUSE_ROLES, AccountsError, Person, Role, give_role, role_named, take_role
from footlights.kernel.clock import now
from footlights.kernel.errors import NotAllowedError
from footlights.playback.api import end_screens
from footlights.web import letters
from footlights.web.access import person_id_of


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=[(role.value, role.words) for role in HOUSE_ROLES])


@require_POST
def give(request: HttpRequest, person_id: UUID) -> HttpResponse:
    return _change(request, person_id, give_role, "role_given", _("%(name)s is now: %(role)s."))


@require_POST
def take(request: HttpRequest, person_id: UUID) -> HttpResponse:
    return _change(request, person_id, take_role, "role_taken", _("%(name)s is no longer: %(role)s."))


def _change(request: HttpRequest, person_id: UUID, act: Callable[..., Person], letter: str, words: str) -> HttpResponse:
    form, by_id = RoleForm(request.POST), person_id_of(request)
    if not form.is_valid():
        messages.error(request, _("The house has no such role."))
        return redirect("backoffice:person", person_id)
    role: Role = role_named(form.cleaned_data["role"])
    try:
        with transaction.atomic():
            person = act(person_id=person_id, role=role, by_id=by_id)
            letters.send_to_person(person_id, f"backoffice/email/{letter}", role=role.words)
    except (AccountsError, NotAllowedError) as error:
        messages.error(request, str(error))
    else:
        if person_id != by_id:
            end_screens(viewer_id=person_id, at=now())  # they were signed out
        messages.success(request, words % {"name": person.masked.name, "role": role.words})
    return redirect("backoffice:home" if person_id == by_id else "backoffice:person", *_args(person_id, by_id))


def _args(person_id: UUID, by_id: UUID) -> list[UUID]:
    """Who laid down their own role may not see their page any more; home tells them."""
    return [] if person_id == by_id else [person_id]
