"""What a page tells once (“Saved.”) travels in a signed cookie: no page asks the session for it."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class MessageCookie(CookieStorage):
    cookie_name = "__Host-messages" if settings.SECURE else "messages"
