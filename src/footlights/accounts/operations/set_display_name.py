from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.accounts.models import User
from footlights.accounts.queries import person_of
from footlights.accounts.records import Person
from footlights.audit.api import Act, record
from footlights.kernel.errors import InvalidInputError, NotFoundError

MAX_LENGTH = 80
JOINERS = {0x200C: None, 0x200D: None}  # invisible, but Persian names and some emoji need them


def set_display_name(*, person_id: UUID, display_name: str) -> Person:
    """Change what others call a person. One statement; repeatable. Raises InvalidInputError, NotFoundError."""
    name = " ".join(display_name.split())
    if len(name) > MAX_LENGTH:
        raise InvalidInputError(_("A name has at most 80 characters."), field="display_name")
    if not name.translate(JOINERS).isprintable():
        raise InvalidInputError(_("A name is made of letters, digits and signs one can see."), field="display_name")
    with transaction.atomic():
        if not User.objects.filter(pk=person_id).update(display_name=name):
            raise NotFoundError("There is no such person.")
        record(act=Act.PERSON_RENAMED, object_kind="person", object_id=person_id, person_ids=[person_id])
    return person_of(User.objects.get(pk=person_id))
