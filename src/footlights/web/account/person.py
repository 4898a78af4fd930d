"""Who asks: Django's `request.user`, found by the question that reads the session."""

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject


class PersonMiddleware(AuthenticationMiddleware):
    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        session: Any = request.session  # of footlights.accounts.sessions
        person: Any = SimpleLazyObject(lambda: session.find_person() or get_user(request))
        request.user = person
