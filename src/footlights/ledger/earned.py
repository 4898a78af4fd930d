"""What accounts were credited in a time, and what the platform kept of the same sales.

A sale's fee is divided among those who share in it in proportion to their shares, by the running total: each part is
the rounded sum up to and with this line less the rounded sum before it, so the parts of a journal sum to its fee.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from footlights.kernel.money import Money
from footlights.kernel.reads import fetch_rows

EARNED = """
with moved as (
    select
        payee.owner,
        date_trunc(%(unit)s, posting.at at time zone 'UTC')::date as start,
        posting.currency,
        split_part(journal.cause, ':', 1) || ':' || split_part(journal.cause, ':', 2)
            || case when starts_with(journal.cause, 'pass:') then ':' || split_part(journal.cause, ':', 3) else '' end
            as reference,
        strpos(journal.cause, ':refund') > 0 as is_back,
        -posting.amount_minor as share,
        round(whole.fees * whole.upto / whole.shares)
            - round(whole.fees * (whole.upto - posting.amount_minor) / whole.shares) as fee
    from unnest(%(accounts)s::text[], %(owners)s::text[]) as payee(account, owner)
    join ledger_posting posting on posting.account = payee.account
    join ledger_journal journal on journal.id = posting.journal_id
    cross join lateral (
        select
            coalesce(-sum(amount) filter (where account = 'platform:fees'), 0)::numeric as fees,
            nullif(sum(amount) filter (where is_payee), 0)::numeric as shares,
            (sum(amount) filter (where is_payee and number <= posting.line))::numeric as upto
        from (
            select
                account, amount, number,
                starts_with(account, 'creator:') or starts_with(account, 'person:') as is_payee
            from unnest(journal.accounts, journal.amounts, journal.currencies)
                with ordinality as lines(account, amount, currency, number)
            where currency = posting.currency
        ) as line
    ) as whole
    where posting.at >= %(since)s and posting.at < %(until)s
        and not starts_with(journal.cause, %(apart)s)
), sold as (
    select
        owner, start, currency, reference,
        coalesce(sum(share) filter (where not is_back), 0)::bigint as shares,
        coalesce(-sum(share) filter (where is_back), 0)::bigint as returned,
        coalesce(sum(fee) filter (where not is_back), 0)::bigint as fees,
        coalesce(-sum(fee) filter (where is_back), 0)::bigint as fees_returned
    from moved group by owner, start, currency, reference
)
select
    owner, start, currency, sum(shares)::bigint, sum(returned)::bigint, sum(fees)::bigint, sum(fees_returned)::bigint,
    count(*) filter (where shares > 0), count(*) filter (where shares > 0 and shares > returned)
from sold group by owner, start, currency order by owner, currency, start
"""


class Unit(StrEnum):
    """Of time: each begins in UTC."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Earned:
    """In one currency, in the unit of time that begins on `start`.

    `shares` and `fees` are of sales, before anything went back; what went back of either is in `returned` and
    `fees_returned`. `sales` counts what was paid, tips and gifts too (of a membership, its periods); `kept` those of
    them that did not go back whole within the same time.
    """

    start: date
    shares: Money
    returned: Money
    fees: Money
    fees_returned: Money
    sales: int
    kept: int

    @property
    def credited(self) -> Money:
        """Net of fees and of what went back."""
        return self.shares - self.returned

    @property
    def fees_charged(self) -> Money:
        return self.fees - self.fees_returned

    @property
    def gross(self) -> Money:
        """What buyers paid without tax, before fees and refunds."""
        return self.shares + self.fees


def earned_by(unit: Unit, accounts: Sequence[str], *, since: datetime, until: datetime, apart: str) -> list[Earned]:
    """By currency and unit, without causes that begin with `apart`; units in which nothing moved are left out.

    The accounts are counted as one: what moves between them counts, which no flow of ours does. One query, which reads
    the postings of that time.
    """
    return earned_by_each(unit, {"": accounts}, since=since, until=until, apart=apart).get("", [])


def earned_by_each(
    unit: Unit, owners: Mapping[str, Sequence[str]], *, since: datetime, until: datetime, apart: str
) -> dict[str, list[Earned]]:
    """The same for each of several owners, none of whom shares an account with another. One query for all of them."""
    pairs = [(account, owner) for owner, accounts in owners.items() for account in accounts]
    asked = {
        "unit": unit.value,
        "accounts": [account for account, _owner in pairs],
        "owners": [owner for _account, owner in pairs],
        "since": since,
        "until": until,
        "apart": apart,
    }
    found: dict[str, list[Earned]] = {}
    for owner, start, currency, shares, returned, fees, fees_returned, sales, kept in fetch_rows(EARNED, asked):
        one = Earned(
            start=start,
            shares=Money(shares, currency),
            returned=Money(returned, currency),
            fees=Money(fees, currency),
            fees_returned=Money(fees_returned, currency),
            sales=sales,
            kept=kept,
        )
        found.setdefault(owner, []).append(one)
    return found
