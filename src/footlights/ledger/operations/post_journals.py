"""Write many journals into the books at once."""

import uuid
from collections.abc import Sequence

from django.db import IntegrityError, connection, transaction

from footlights.kernel.ids import new_id
from footlights.ledger.models import Journal
from footlights.ledger.operations.post_journal import post_journal, require_same
from footlights.ledger.policies import lines_of, require_balance
from footlights.ledger.records import NewJournal

COPY = "copy ledger_journal (id, cause, memo, about, at, accounts, amounts, currencies) from stdin"
AT_ONCE = 2_000
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})  # of COPY's text format


def post_journals(journals: Sequence[NewJournal]) -> list[uuid.UUID]:
    """As post_journal for each, all or none; returns their ids in the same order. Ten times as fast.

    In one transaction; pieces of 2,000, each a COPY. Where one of a piece was posted before, the piece is gone through
    one by one: so a run that is repeated writes nothing and raises nothing.
    """
    for journal in journals:
        require_balance(journal.postings)
    with transaction.atomic():
        pieces = [journals[start : start + AT_ONCE] for start in range(0, len(journals), AT_ONCE)]
        return [journal_id for piece in pieces for journal_id in _post(piece)]


def _post(journals: Sequence[NewJournal]) -> list[uuid.UUID]:
    causes = [journal.cause for journal in journals]
    known: dict[str, uuid.UUID] = dict(Journal.objects.filter(cause__in=causes).values_list("cause", "id"))
    fresh = {journal.cause: new_id() for journal in journals if journal.cause not in known}
    try:
        with transaction.atomic():
            _copy([(fresh[journal.cause], journal) for journal in journals if journal.cause in fresh])
    except IntegrityError:  # one came twice, or somebody else posts the same at this moment
        return [_post_alone(journal) for journal in journals]
    for journal in journals:
        if journal.cause in known:
            require_same(journal.cause, journal.postings)
    return [(known | fresh)[cause] for cause in causes]


def _copy(journals: Sequence[tuple[uuid.UUID, NewJournal]]) -> None:
    rows = [
        "\t".join(
            [
                str(journal_id),
                journal.cause.translate(ESCAPES),
                journal.memo.translate(ESCAPES),
                journal.about.translate(ESCAPES),
                journal.at.isoformat(),
                *lines_of(journal.postings),
            ]
        )
        for journal_id, journal in journals
    ]
    if rows:
        with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(COPY) as copy:
            copy.write("\n".join([*rows, ""]))


def _post_alone(journal: NewJournal) -> uuid.UUID:
    return post_journal(
        cause=journal.cause, postings=journal.postings, at=journal.at, memo=journal.memo, about=journal.about
    )
