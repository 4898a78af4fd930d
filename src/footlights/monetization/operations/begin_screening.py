"""A title is watched with a press code: the first key begins a screening, and there are so many and no more."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from footlights.audit.api import Act, record
from footlights.catalog.api import title_access
from footlights.monetization import screening
from footlights.monetization.models import PressCodeRow, ScreeningRow
from footlights.monetization.records import Decision
from footlights.monetization.watching import may_watch


def begin_screening(*, viewer_id: uuid.UUID, title_id: uuid.UUID, at: datetime) -> Decision:
    """What `may_watch` says once a screening runs: a yes with its end, or why there is none left.

    One transaction that locks the viewer's codes for the title, so that however many keys are asked for at once begin
    one screening; whoever comes while it runs changes nothing.
    """
    access = title_access(title_id, viewer_id)
    with transaction.atomic():
        codes = (
            PressCodeRow.objects.select_related("press")
            .filter(redeemed_by=viewer_id)
            .filter(
                Q(press__title_id=title_id)
                | Q(press__title_id=None, press__channel_id=access.channel_id if access else None)
            )
            .select_for_update(no_key=True, of=("self",))
            .order_by("pk")
        )
        by_ticket = {row.to_record().ticket_for(title_id): row for row in codes}
        best = screening.best_of(list(by_ticket), at)
        if best is not None and best.opens(at) and not best.is_running(at):
            _begin(by_ticket[best], title_id, best.watched + 1, at)
    return may_watch(viewer_id, title_id, at)


def _begin(row: PressCodeRow, title_id: uuid.UUID, number: int, at: datetime) -> None:
    ends_at = at + screening.SCREENING_LASTS
    ScreeningRow.objects.create(
        code=row, title_id=title_id, number=number, watches_max=row.press.watches_max, began_at=at, ends_at=ends_at
    )
    record(
        act=Act.SCREENING_BEGUN,
        object_kind="title",
        object_id=title_id,
        actor_id=row.redeemed_by,
        channel_id=row.press.channel_id,
        after={"number": number, "of": row.press.watches_max, "ends_at": ends_at.isoformat()},
    )
