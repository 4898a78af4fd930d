"""Which accounts of the books are whose: a channel's are its owner's, a collaborator's their own."""

from collections.abc import Iterable
from uuid import UUID

from footlights.catalog.api import list_channels, list_channels_of
from footlights.kernel.ids import parse_id

CREATOR, PERSON = "creator:", "person:"


def accounts_of(person_id: UUID) -> list[str]:
    """All that may be credited for them, used or not."""
    return [*(f"{CREATOR}{channel.id}" for channel in list_channels_of(person_id)), f"{PERSON}{person_id}"]


def owners_of(accounts: Iterable[str]) -> dict[UUID, list[str]]:
    """The accounts by person, in one query."""
    ids = {account: found for account in accounts if (found := parse_id(account.partition(":")[2]))}
    channels = list_channels([found for account, found in ids.items() if account.startswith(CREATOR)])
    owners: dict[UUID, list[str]] = {}
    for account, found in ids.items():
        if account.startswith(PERSON):
            owners.setdefault(found, []).append(account)
        elif found in channels:
            owners.setdefault(channels[found].owner_id, []).append(account)
    return owners
