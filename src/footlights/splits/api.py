"""The door of splits."""

from footlights.splits.errors import ProposalOverError, SplitsError
from footlights.splits.operations.decide import decline_split, sign_split, withdraw_split
from footlights.splits.operations.propose_split import propose_split
from footlights.splits.operations.take_up import take_up
from footlights.splits.policies import MAX_PARTIES, divide, person_account
from footlights.splits.queries import (
    address_asked,
    find_asked,
    get_agreement,
    list_agreements,
    list_agreements_of_channel,
    list_agreements_of_person,
    shares_of,
)
from footlights.splits.records import (
    WHOLE_BPS,
    Agreement,
    Asked,
    NewParty,
    Party,
    Shares,
    State,
    Subject,
    SubjectKind,
)
from footlights.splits.subjects import find_subject, register_subject

__all__ = [
    "MAX_PARTIES",
    "WHOLE_BPS",
    "Agreement",
    "Asked",
    "NewParty",
    "Party",
    "ProposalOverError",
    "Shares",
    "SplitsError",
    "State",
    "Subject",
    "SubjectKind",
    "address_asked",
    "decline_split",
    "divide",
    "find_asked",
    "find_subject",
    "get_agreement",
    "list_agreements",
    "list_agreements_of_channel",
    "list_agreements_of_person",
    "person_account",
    "propose_split",
    "register_subject",
    "shares_of",
    "sign_split",
    "take_up",
    "withdraw_split",
]
