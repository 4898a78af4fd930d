"""What the books have of payments and payouts: the third side, beside what a gateway has and what we have. Reads only.

A payout leaves the books when the receiver's bank has it; what is set aside for one under way counts as gone.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from footlights.kernel.ids import parse_id
from footlights.ledger.api import Entry, list_lines_after, list_lines_of, list_lines_under
from footlights.payments.adapters.gateway import MovementKind
from footlights.payments.comparing import HELD, Key
from footlights.payments.models import PayoutRow
from footlights.payments.naming import Thing, names_of, things_of
from footlights.payments.records import PayoutState

ALONE = "journal:"  # what a journal is called that is about nothing of ours
PAYOUTS_DUE = "payout:due"


def accounts_of(gateway: str) -> tuple[str, str, str, str]:
    """What it holds for us, what it cost, what banks hold until they decide, what is set aside to be sent."""
    return f"gateway:{gateway}", f"gatewaycost:{gateway}", f"dispute:{gateway}", PAYOUTS_DUE


def booked(gateway: str, references: Iterable[str]) -> dict[Key, int]:
    """What the books have of these."""
    asked, accounts = set(references), accounts_of(gateway)
    alone = _ids(each.removeprefix(ALONE) for each in asked if each.startswith(ALONE))
    entries = list_lines_under(names_of(gateway, asked), accounts) + list_lines_of(alone, accounts)
    found: Counter[Key] = Counter()
    for key, amount_minor in _sums(gateway, entries):
        if key.reference in asked:
            found[key] += amount_minor
    for payout in PayoutRow.objects.filter(gateway=gateway, pk__in=_ids(asked), state=PayoutState.SENT):
        set_aside = found.pop(Key(str(payout.pk), HELD, payout.currency), 0)
        found[Key(str(payout.pk), MovementKind.PAYOUT, payout.currency)] += set_aside
    return dict(found)


def booked_after(gateway: str, journal_id: uuid.UUID, *, until: datetime) -> tuple[set[str], uuid.UUID]:
    """What was booked since this journal, and the one up to which all are about a moment before `until`."""
    about: set[str] = set()
    read_to, is_past = journal_id, True
    while entries := list_lines_after(journal_id, accounts_of(gateway)):
        things = things_of(gateway, {entry.cause for entry in entries})
        for entry in entries:
            if entry.cause in things or entry.account != PAYOUTS_DUE:
                about.add(_reference(entry, things))
            is_past = is_past and entry.at < until
            read_to = entry.journal_id if is_past else read_to
        journal_id = entries[-1].journal_id
    return about, read_to


def _sums(gateway: str, entries: Sequence[Entry]) -> Iterator[tuple[Key, int]]:
    things = things_of(gateway, {entry.cause for entry in entries})
    lines: dict[tuple[uuid.UUID, str], Counter[str]] = defaultdict(Counter)
    first: dict[uuid.UUID, Entry] = {}
    for entry in entries:
        lines[entry.journal_id, entry.amount.currency][entry.account] += entry.amount.amount_minor
        first.setdefault(entry.journal_id, entry)
    for (journal_id, currency), sums in lines.items():
        entry = first[journal_id]
        yield from _sums_of_journal(gateway, _reference(entry, things), things.get(entry.cause), currency, sums)


def _sums_of_journal(
    gateway: str, reference: str, thing: Thing | None, currency: str, sums: Counter[str]
) -> Iterator[tuple[Key, int]]:
    """What moved at the gateway, less what of it is a fee, is what the journal is about."""
    holder, cost, *held = accounts_of(gateway)
    moved = sums[holder] + sums[cost]
    kind = thing.kind if thing else MovementKind.OTHER
    if kind is MovementKind.CHARGE and moved < 0:
        kind = MovementKind.REFUND
    amounts = {kind: moved, MovementKind.FEE: -sums[cost], HELD: sum(sums[account] for account in held)}
    yield from ((Key(reference, each, currency), amount) for each, amount in amounts.items() if amount)


def _reference(entry: Entry, things: dict[str, Thing]) -> str:
    thing = things.get(entry.cause)
    return thing.reference if thing else f"{ALONE}{entry.journal_id}"


def _ids(references: Iterable[str]) -> list[uuid.UUID]:
    return [ours for each in references if (ours := parse_id(each))]
