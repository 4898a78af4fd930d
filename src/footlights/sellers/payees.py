"""Which accounts of the books are whose: a channel's are its owner's, a collaborator's their own."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from footlights.catalog.api import channel_ids_of, list_channels
from footlights.kernel.ids import parse_id

CREATOR, PERSON = "creator:", "person:"


def accounts_of(person_id: UUID) -> list[str]:
    """All that may be credited for them, used or not."""
    return accounts_of_each([person_id])[person_id]


def accounts_of_each(person_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The same for each of them, in one query."""
    channels = channel_ids_of(person_ids)
    return {
        person_id: [*(f"{CREATOR}{channel_id}" for channel_id in channels.get(person_id, ())), f"{PERSON}{person_id}"]
        for person_id in person_ids
    }


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
