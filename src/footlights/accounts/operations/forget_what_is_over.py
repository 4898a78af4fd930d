from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection

from footlights.kernel.clock import now


def forget_what_is_over() -> None:
    """Delete sessions that ended, their lines in the list of browsers, and limits that count no more. Repeatable."""
    at = now()
    Session.objects.filter(expire_date__lt=at).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    with connection.cursor() as cursor:
        cursor.execute("delete from accounts_limit where expires < %s", [at])
