"""The lines of some accounts, journal by journal: for whoever holds the books against what others say."""

import uuid
from collections.abc import Collection, Sequence

from footlights.kernel.money import Money
from footlights.kernel.reads import fetch_rows
from footlights.ledger.models import Journal
from footlights.ledger.records import Entry

JOURNALS_AT_ONCE = 2_000
LINES = """select j.id, j.cause, j.memo, j.about, l.account, l.amount, l.currency, j.at
    from ({journals}) j, unnest(j.accounts, j.amounts, j.currencies) as l(account, amount, currency)
    where l.account = any(%(accounts)s::varchar[]) order by j.id"""
# A name ends where a colon or the cause does; a semicolon is the character after the colon. "offset 0" has the database
# look for one name at a time, by the index of causes: of many ranges at once it expects so much that it reads them all.
OF_NAMES = LINES.format(
    journals="""select found.* from unnest(%(names)s::varchar[]) as asked(name) cross join lateral (
        select * from ledger_journal where cause >= asked.name || ':' and cause < asked.name || ';'
            and accounts && %(accounts)s::varchar[] offset 0) as found"""
)
OF_IDS = LINES.format(journals="select * from ledger_journal where id = any(%(ids)s::uuid[])")
POSTED_AFTER = LINES.format(
    journals="""select * from ledger_journal where id > %(after)s::uuid and accounts && %(accounts)s::varchar[]
        order by id limit %(at_once)s"""
)


def list_lines_under(names: Collection[str], accounts: Sequence[str]) -> list[Entry]:
    """Of journals whose cause begins with one of the names and a colon. No name begins with another, and a colon."""
    return _entries(OF_NAMES, {"names": sorted(set(names)), "accounts": list(accounts)})


def list_lines_of(journal_ids: Sequence[uuid.UUID], accounts: Sequence[str]) -> list[Entry]:
    return _entries(OF_IDS, {"ids": [str(each) for each in journal_ids], "accounts": list(accounts)})


def list_lines_after(journal_id: uuid.UUID, accounts: Sequence[str]) -> list[Entry]:
    """Of the next 2,000 journals with such lines that were posted after this one, in the order they were posted.

    Whatever moment they are about. Transactions end in another order than they begin: begin some minutes earlier.
    """
    asked = {"after": journal_id, "accounts": list(accounts), "at_once": JOURNALS_AT_ONCE}
    return _entries(POSTED_AFTER, asked)


def newest_journal() -> uuid.UUID | None:
    """The one posted last."""
    return Journal.objects.order_by("-pk").values_list("pk", flat=True).first()


def _entries(sql: str, asked: dict[str, object]) -> list[Entry]:
    return [
        Entry(
            journal_id=journal_id,
            cause=cause,
            memo=memo,
            about=about,
            account=account,
            amount=Money(amount_minor, currency),
            at=at,
        )
        for journal_id, cause, memo, about, account, amount_minor, currency, at in fetch_rows(sql, asked)
    ]
