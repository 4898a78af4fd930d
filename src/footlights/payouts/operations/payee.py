"""Whose money an account holds, and who may send it on. Joins the caller's transaction."""

import uuid

from footlights.accounts.api import Permission
from footlights.catalog.api import get_channel, may
from footlights.kernel.errors import NotFoundError
from footlights.payouts.models import PayeeRow
from footlights.payouts.policies import CREATOR, owner_of


def require_payee(account: str, person_id: uuid.UUID) -> None:
    """Raises NotFoundError to whoever may not say where this account's money goes."""
    kind, owner_id = owner_of(account)
    allowed = may(person_id, Permission.PAY_OUT, owner_id) if kind == CREATOR else owner_id == person_id
    if not allowed:
        raise NotFoundError("There is no such account.")


def is_of(account: str, person_id: uuid.UUID) -> bool:
    """Whether the account is this person's, or of a channel that is theirs or whose money they mind."""
    kind, owner_id = owner_of(account)
    return may(person_id, Permission.SEE_EARNINGS, owner_id) if kind == CREATOR else owner_id == person_id


def receiver_of(account: str) -> uuid.UUID:
    """The person who is told: a channel's owner, or whose account it is."""
    kind, owner_id = owner_of(account)
    return get_channel(owner_id).owner_id if kind == CREATOR else owner_id


def lock(account: str, currency: str) -> None:
    """From here to the end of the transaction nobody else works out a payout of this account and currency."""
    PayeeRow.objects.get_or_create(account=account, currency=currency)
    PayeeRow.objects.select_for_update(no_key=True).get(account=account, currency=currency)


def lock_account(account: str) -> None:
    """The same, for what is the account's in every currency: where it goes."""
    lock(account, "")
