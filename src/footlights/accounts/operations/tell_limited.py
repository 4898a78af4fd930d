"""Count the sign-ins that are turned away unseen, since there were too many."""

from datetime import datetime

from footlights.accounts.models import User
from footlights.accounts.policies import address_network
from footlights.audit.api import SIGN_IN_LIMITED, current_origin, tally


def tell_limited(email: str, *, at: datetime) -> None:
    """By account and by address block: two rows a minute, however many tries there are.

    The same work whether or not anybody has the address, so that its time tells nothing.
    """
    address = email.replace("\x00", "").strip().lower()
    person_id = User.objects.filter(email=address).values_list("pk", flat=True).first()
    block = address_network(current_origin().address)
    tally(SIGN_IN_LIMITED, [f"account {person_id or 'unknown'}", f"block {block}"], at=at)
