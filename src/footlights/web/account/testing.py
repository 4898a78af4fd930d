"""For tests: a browser in which a person is signed in and proved just now that it is they."""

from time import time
from typing import Any

from django.test import Client, RequestFactory

from footlights.web.account.browser import COOKIE, device_of
from footlights.web.account.proof import PROOF

BROWSER = "the-browser-of-a-test"


def sign_in_proven(client: Client, person: Any, *, proven_s_ago: float = 0) -> Client:
    """Sign `person` in without their password, as if they had just proved who they are (or `proven_s_ago`)."""
    client.cookies[COOKIE] = BROWSER
    client.force_login(person)
    session = client.session
    session[PROOF] = proof_of(person, proven_s_ago=proven_s_ago, user_agent=client.defaults.get("HTTP_USER_AGENT", ""))
    session.save()
    return client


def proof_of(person: Any, *, proven_s_ago: float = 0, user_agent: str = "") -> dict[str, Any]:
    """What a session holds of a proof given in the browser with the device cookie BROWSER."""
    request = RequestFactory(headers={"User-Agent": user_agent}).get("/")
    request.COOKIES[COOKIE] = BROWSER
    return {"at": time() - proven_s_ago, "person": str(person.pk), "device": device_of(request)}
