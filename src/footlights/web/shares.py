"""Agreements to share, as the studio and a collaborator's own page show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from footlights.accounts.api import Person
from footlights.splits.api import Agreement, State

BPS_A_PERCENT = 100


@dataclass(frozen=True, slots=True)
class ShownParty:
    name: str
    percent: str
    is_signed: bool


@dataclass(frozen=True, slots=True)
class Shown:
    agreement: Agreement
    state: str
    channel_percent: str
    parties: list[ShownParty]


def shown(agreement: Agreement, people: Mapping[UUID, Person]) -> Shown:
    """`people` by id; who is not among them yet is called by the address that was asked."""
    parties = []
    for party in agreement.parties:
        person = people.get(party.person_id) if party.person_id else None
        name = person.name if person else party.address or _("Somebody who left")
        parties.append(ShownParty(name, percent(party.bps), party.signed_at is not None))
    return Shown(agreement, state_words(agreement.state), percent(agreement.channel_bps), parties)


def percent(bps: int) -> str:
    return f"{bps / BPS_A_PERCENT:g} %"


def state_words(state: State) -> str:
    words: dict[State, Any] = {
        State.PROPOSED: _("Waits for signatures"),
        State.AGREED: _("Agreed"),
        State.DECLINED: _("Declined"),
        State.WITHDRAWN: _("Withdrawn"),
    }
    return str(words[state])
