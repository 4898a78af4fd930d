"""Sign-in sessions that end after ten hours without the person. Django's session engine (SESSION_ENGINE).

Owns when a session ends: its row's `expire_date`, ten hours after the person's last activity, and nothing else moves
it. So a poll that happens to save the session does not keep it alive. What counts as activity is the web's to say.
Whose it is comes with the same question, for a page of somebody begins with both.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils.crypto import constant_time_compare

from footlights.accounts.models import User
from footlights.kernel.clock import now
from footlights.kernel.reads import fetch_rows

ENDS_AFTER = timedelta(hours=10)
PERSON = [field.attname for field in User._meta.concrete_fields]  # noqa: SLF001  Django's documented way
SESSION = f"""
select session.session_data, session.expire_date, {", ".join(f"person.{name}" for name in PERSON)}
from django_session as session
left join usersessions_usersession as device on device.session_key = session.session_key
left join accounts_user as person on person.id = device.user_id
where session.session_key = %(key)s and session.expire_date > %(at)s
"""  # noqa: S608  our own columns
NOTED_EVERY = timedelta(minutes=1)  # activity is written at most this often, so a page costs no write


class SessionStore(db.SessionStore):
    ends_at: datetime | None = None
    _listed_for: User | None = None

    def _get_session_from_db(self) -> Any:
        """The row of this key while it lives. Every page of a person begins with it, so it is read by fetch_rows."""
        key = self.session_key or ""
        for data, ends_at, *person in fetch_rows(SESSION, {"key": key, "at": now()}):
            self.ends_at, self._listed_for = ends_at, _person_of(person)
            return self.model(session_key=key, session_data=data, expire_date=ends_at)
        self.ends_at = self._listed_for = None
        self._session_key = None  # what nobody signed in with is no key
        return None

    def create_model_instance(self, data: Any) -> Any:
        row = super().create_model_instance(data)
        self.ends_at = row.expire_date = self.ends_at or now() + ENDS_AFTER
        return row

    @property
    def was_read(self) -> bool:
        """Whether this request asked the database who it is from, and the session is one that lives."""
        return self.ends_at is not None

    def find_person(self) -> User | None:
        """Whose session it is, if that came with it and nothing that lets them in has changed since they signed in.

        None says nothing: then Django's own way of asking decides.
        """
        named, proof = self.get(SESSION_KEY), self.get(HASH_SESSION_KEY, "")
        person = self._listed_for
        if person is None or not person.is_active or named != str(person.pk):
            return None
        if self.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
            return None
        return person if constant_time_compare(proof, person.get_session_auth_hash()) else None

    def note_activity(self, *, at: datetime, address: str) -> None:
        """The person did something `at`: the session lives ten hours from then. Writes at most once a minute."""
        if self.ends_at is None or at < self.ends_at - ENDS_AFTER + NOTED_EVERY:
            return
        self.ends_at = at + ENDS_AFTER
        self.model.objects.filter(session_key=self.session_key).update(expire_date=self.ends_at)
        UserSession.objects.filter(session_key=self.session_key).update(last_seen_at=at, ip=address)

    def cycle_key(self) -> None:
        """A new key for the same session: at sign-in, at a proof, at a change of what lets somebody in."""
        before = self.session_key
        self.get("")  # reads it, for it says when it ends
        self.ends_at = None  # this is the person's activity
        super().cycle_key()
        UserSession.objects.filter(session_key=before).update(session_key=self.session_key)

    def flush(self) -> None:
        super().flush()
        self.ends_at = self._listed_for = None


def _person_of(values: Sequence[Any]) -> User | None:
    person = User.from_db(None, PERSON, values)
    return person if person.pk else None
