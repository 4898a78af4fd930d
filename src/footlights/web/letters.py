"""The mails that pages send: by the sign-in's own sender, in the caller's transaction."""

from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter

from footlights.accounts.api import find_person


def send_to_person(person_id: UUID, letter: str, **context: Any) -> None:
    person = find_person(person_id)
    if person is not None:
        send(person.email, letter, name=person.name, **context)


def send(address: str, letter: str, **context: Any) -> None:
    """`letter` begins the names of two templates: …_subject.txt and …_message.txt."""
    get_adapter().send_mail(letter, address, context)
