"""What a bank may take back stays in the house until the bank has decided."""

import uuid
from datetime import datetime

from footlights.ledger.api import Entry, list_journal
from footlights.payouts.causes import sale_causes
from footlights.payouts.operations.holds import place_hold, release_hold
from footlights.payouts.policies import is_payee

REASON = "A viewer asked their bank for the money; the bank decides"


def hold_disputed(*, reference: str, dispute_id: uuid.UUID, at: datetime) -> None:
    """Hold every payee's share of the sale that `reference` names, as it was booked. Safe to repeat."""
    for entry in shares_of(reference):
        cause = _cause(dispute_id, entry.account)
        place_hold(cause=cause, account=entry.account, amount=-entry.amount, reason=REASON, at=at)


def release_disputed(*, reference: str, dispute_id: uuid.UUID, at: datetime) -> None:
    """Safe to repeat. What was not held yet is, and let go: an opening that is heard of late then holds nothing."""
    hold_disputed(reference=reference, dispute_id=dispute_id, at=at)
    for entry in shares_of(reference):
        release_hold(cause=_cause(dispute_id, entry.account), at=at)


def shares_of(reference: str) -> list[Entry]:
    """What each payee got of the sale, or of the gift that was opened; nothing before that."""
    entries = [entry for cause in sale_causes(reference) for entry in list_journal(cause)]
    return [entry for entry in entries if is_payee(entry.account) and entry.amount.amount_minor < 0]


def _cause(dispute_id: uuid.UUID, account: str) -> str:
    return f"dispute:{dispute_id}:{account}"
