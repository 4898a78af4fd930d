"""The mails that pages and handlers send: by the sign-in's own sender, in the caller's transaction."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.core import context as asked
from django.conf import settings
from django.http import HttpRequest

from footlights.accounts.api import find_person


def send_to_person(person_id: UUID, letter: str, **context: Any) -> None:
    person = find_person(person_id)
    if person is not None:
        send(person.email, letter, name=person.name, **context)


def send(address: str, letter: str, **context: Any) -> None:
    """`letter` begins the names of two templates: …_subject.txt and …_message.txt.

    With a `no_more_link` mail programs offer to end such mails: they send a form there by themselves.
    """
    with _request():
        get_adapter().send_mail(letter, address, context)


def _request() -> AbstractContextManager[None]:
    """The sender wants a request, for the service's own address; a job has none."""
    if asked.request:
        return nullcontext()
    site = urlsplit(settings.SITE_URL)
    request = HttpRequest()
    request.META = {"SERVER_NAME": site.hostname, "SERVER_PORT": str(site.port or 443), "HTTP_HOST": site.netloc}
    manager: AbstractContextManager[None] = asked.request_context(request)
    return manager
