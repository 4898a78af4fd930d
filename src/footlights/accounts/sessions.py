"""Sign-in sessions that end after ten hours without the person. Django's session engine (SESSION_ENGINE).

Owns when a session ends: its row's `expire_date`, ten hours after the person's last activity, and nothing else moves
it. So a poll that happens to save the session does not keep it alive. What counts as activity is the web's to say.
"""

from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends import db

from footlights.kernel.clock import now
from footlights.kernel.reads import fetch_rows

ENDS_AFTER = timedelta(hours=10)
SESSION = "select session_data, expire_date from django_session where session_key = %(key)s and expire_date > %(at)s"
NOTED_EVERY = timedelta(minutes=1)  # activity is written at most this often, so a page costs no write


class SessionStore(db.SessionStore):
    ends_at: datetime | None = None

    def _get_session_from_db(self) -> Any:
        """The row of this key while it lives. Every page of a person begins with it, so it is read by fetch_rows."""
        key = self.session_key or ""
        for data, ends_at in fetch_rows(SESSION, {"key": key, "at": now()}):
            self.ends_at = ends_at
            return self.model(session_key=key, session_data=data, expire_date=ends_at)
        self.ends_at = None
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
        self.ends_at = None
