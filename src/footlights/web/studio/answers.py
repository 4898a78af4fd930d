"""What the studio says after something was done."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

UNPROCESSABLE = 422
CONFLICT = 409


def offer_undo(request: HttpRequest, words: str, ids: Iterable[UUID]) -> None:
    """A message with an Undo button that brings the deleted titles back."""
    context = {"words": words, "ids": list(ids), "action": reverse("studio:titles_restored")}
    message = render_to_string("studio/undo.html", context, request=request)
    messages.success(request, SafeString(message), extra_tags="undo")
