"""Write many journals into the books at once."""

import re
import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from psycopg.errors import UniqueViolation

from footlights.kernel.ids import new_id
from footlights.ledger.models import Journal
from footlights.ledger.operations.post_journal import post_journal, require_same
from footlights.ledger.policies import lines_of, require_balance
from footlights.ledger.records import NewJournal

COPY = "copy ledger_journal (id, cause, memo, about, at, accounts, amounts, currencies) from stdin"
AT_ONCE = 2_000
SPECIAL = re.compile(r"[\\\t\n\r]")
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})  # of COPY's text format


def post_journals(journals: Sequence[NewJournal]) -> list[uuid.UUID]:
    """As post_journal for each, all or none; returns their ids in the same order. Ten times as fast.

    In one transaction; pieces of 2,000, each a COPY. Where one of a piece was posted before, only what is new of it is
    copied: so a run that is repeated writes nothing and raises nothing.
    """
    for journal in journals:
        require_balance(journal.postings)
    with transaction.atomic():
        pieces = [journals[start : start + AT_ONCE] for start in range(0, len(journals), AT_ONCE)]
        return [journal_id for piece in pieces for journal_id in _post(piece)]


def _post(journals: Sequence[NewJournal]) -> list[uuid.UUID]:
    ids = [new_id() for _each in journals]
    if _copied(ids, journals):
        return ids
    causes = [journal.cause for journal in journals]
    known: dict[str, uuid.UUID] = dict(Journal.objects.filter(cause__in=causes).values_list("cause", "id"))
    fresh = {
        journal.cause: (new, journal) for new, journal in zip(ids, journals, strict=True) if journal.cause not in known
    }
    if not _copied([new for new, _journal in fresh.values()], [journal for _new, journal in fresh.values()]):
        return [_post_alone(journal) for journal in journals]  # somebody else posts the same at this moment
    made = known | {cause: new for cause, (new, _journal) in fresh.items()}
    for journal in journals:
        if journal.cause in known or fresh[journal.cause][1] is not journal:  # posted before, or twice in this piece
            require_same(journal.cause, journal.postings)
    return [made[cause] for cause in causes]


def _copied(ids: Sequence[uuid.UUID], journals: Sequence[NewJournal]) -> bool:
    """Whether none of them was there before; else nothing is written."""
    try:
        with transaction.atomic():
            _copy(list(zip(ids, journals, strict=True)))
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            return False
        raise
    return True


def _copy(journals: Sequence[tuple[uuid.UUID, NewJournal]]) -> None:
    if not journals:
        return
    lines = []
    moments: dict[datetime, str] = {}  # many are about the same
    for journal_id, each in journals:
        cause, memo, about, at = each.cause, each.memo, each.about, each.at
        if SPECIAL.search(f"{cause}{memo}{about}"):
            cause, memo, about = (text.translate(ESCAPES) for text in (cause, memo, about))
        moment = moments.get(at) or moments.setdefault(at, at.isoformat())
        accounts, amounts, currencies = lines_of(each.postings)
        lines.append(f"{journal_id}\t{cause}\t{memo}\t{about}\t{moment}\t{accounts}\t{amounts}\t{currencies}")
    lines.append("")
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.write("\n".join(lines))


def _post_alone(journal: NewJournal) -> uuid.UUID:
    return post_journal(
        cause=journal.cause, postings=journal.postings, at=journal.at, memo=journal.memo, about=journal.about
    )
