"""The arithmetic of sharing, and what may be proposed. Pure: what the rules need is given to them."""

import uuid
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import Money
from footlights.splits.records import WHOLE_BPS, NewParty, Shares

MAX_PARTIES = 20


def divide(amount: Money, shares: Sequence[tuple[str, int]]) -> list[tuple[str, Money]]:
    """The part of each account; parts sum to `amount` exactly, and none is more than a unit from its exact share.

    By largest remainder, ties to the first. A part that rounds to nothing is left out. Raises InvalidInputError unless
    the shares sum to a whole.
    """
    if sum(bps for _account, bps in shares) != WHOLE_BPS:
        raise InvalidInputError("Shares must sum to the whole.")
    parts = amount.split([bps for _account, bps in shares])
    return [(account, part) for (account, _bps), part in zip(shares, parts, strict=True) if part]


def shares_from(channel_id: uuid.UUID, parties: Iterable[tuple[uuid.UUID, int]]) -> Shares:
    """The channel's rest first, then each person by id; empty when nobody shares."""
    sharing = sorted((person_id, bps) for person_id, bps in parties if bps)
    if not sharing:
        return ()
    rest = WHOLE_BPS - sum(bps for _person_id, bps in sharing)
    channel = ((f"creator:{channel_id}", rest),) if rest else ()
    return (*channel, *((person_account(person_id), bps) for person_id, bps in sharing))


def person_account(person_id: uuid.UUID) -> str:
    """Where a collaborator's share lies in the ledger."""
    return f"person:{person_id}"


def check_parties(parties: Sequence[NewParty]) -> None:
    """Raises InvalidInputError with a sentence for the creator."""
    addresses = [party.address for party in parties]
    if len(set(addresses)) < len(addresses):
        raise InvalidInputError(_("Name each person once."), field="parties")
    if len(parties) > MAX_PARTIES:
        raise InvalidInputError(_("Share with at most %(count)d people.") % {"count": MAX_PARTIES}, field="parties")
    if any(not 0 < party.bps <= WHOLE_BPS for party in parties):
        raise InvalidInputError(_("A share is above zero and at most 100 %."), field="parties")
    if sum(party.bps for party in parties) > WHOLE_BPS:
        raise InvalidInputError(_("Together that is more than 100 %."), field="parties")
