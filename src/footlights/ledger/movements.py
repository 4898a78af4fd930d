"""What moved an account since a moment: for whoever must not count the newest of it yet.

Never reads an account's whole history: what was before follows from its balance, read in the same statement.
"""

from dataclasses import dataclass
from datetime import date, datetime

from footlights.kernel.reads import fetch_rows

MOVED = """
select
    (select coalesce(sum(amount_minor), 0)::bigint from ledger_balance
        where account = %(account)s and currency = %(currency)s),
    coalesce(sum(amount_minor) filter (where own and amount_minor > 0), 0)::bigint,
    coalesce(sum(amount_minor) filter (where own and amount_minor < 0), 0)::bigint,
    coalesce(sum(amount_minor) filter (where fresh and apart), 0)::bigint,
    coalesce(sum(amount_minor) filter (where not fresh and not apart and amount_minor < 0), 0)::bigint,
    min(at) filter (where not fresh and not apart and amount_minor < 0)
from (
    select posting.amount_minor, posting.at, posting.at >= %(since)s as fresh,
        starts_with(journal.cause, %(apart)s) as apart,
        posting.at >= %(since)s and not starts_with(journal.cause, %(apart)s) as own
    from ledger_posting posting join ledger_journal journal on journal.id = posting.journal_id
    where posting.account = %(account)s and posting.currency = %(currency)s and posting.at >= %(earlier)s
) moved
"""


@dataclass(frozen=True, slots=True)
class Movement:
    """Minor units, debits > 0. `before`: the balance at the moment; from it on `debits`, `credits` and `apart`.

    `earlier_credits` came between `earlier` and the moment, the first of them on `earlier_first`.
    """

    before: int
    debits: int
    credits: int
    apart: int
    earlier_credits: int = 0
    earlier_first: date | None = None


def movement_of(
    account: str, currency: str, *, since: datetime, apart: str, earlier: datetime | None = None
) -> Movement:
    """The account's postings, divided at `since`; from there on, causes that begin with `apart` are summed apart.

    With `earlier`, what was credited between the two too. One query, which reads the postings from there on.
    """
    asked = {"account": account, "currency": currency, "since": since, "apart": apart}
    [row] = fetch_rows(MOVED, asked | {"earlier": min(since, earlier) if earlier else since})
    balance, debits, credits_minor, apart_minor, earlier_credits, first_at = row
    return Movement(
        before=balance - debits - credits_minor - apart_minor,
        debits=debits,
        credits=credits_minor,
        apart=apart_minor,
        earlier_credits=earlier_credits,
        earlier_first=first_at.date() if first_at else None,
    )
