from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction


def end_sign_ins(*, person_id: UUID, kept: str | None, only: int | None = None) -> list[str]:
    """Sign a person out: in every browser but that of session key `kept`, or only in the one with id `only`.

    One transaction; repeatable. Returns the keys of the sessions that ended. What plays in them is the caller's to end.
    """
    with transaction.atomic():
        rows = UserSession.objects.filter(user_id=person_id).exclude(session_key=kept or "")
        if only is not None:
            rows = rows.filter(pk=only)
        keys = list(rows.values_list("session_key", flat=True))
        Session.objects.filter(session_key__in=keys).delete()
        rows.filter(session_key__in=keys).delete()
    return keys
