"""Rows as rooms are told of them."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from footlights.engagement.models import MessageRow, PollRow, QuestionRow
from footlights.engagement.records import Message, Poll, PollKind, PollState, Question, QuestionState
from footlights.engagement.staff import names_of


def tell_messages(rows: Sequence[MessageRow], *, staff: Collection[UUID]) -> list[Message]:
    """Their `viewer` is loaded."""
    names = names_of(row.viewer.person_id for row in rows)
    return [
        Message(
            id=row.pk,
            by=row.viewer_id,
            name=names.get(row.viewer.person_id) or _("Somebody"),
            staff=row.viewer.person_id in staff,
            text=row.text,
            at=row.said_at,
        )
        for row in rows
    ]


def tell_poll(row: PollRow) -> Poll:
    state = PollState(row.state)
    return Poll(
        id=row.pk,
        question=row.question,
        kind=PollKind(row.kind),
        state=state,
        choices=list(row.choices),
        counts=list(row.counts) if row.is_result_live or state is PollState.CLOSED else None,
        voters=row.voters,
        at=row.opened_at,
    )


def tell_questions(rows: Sequence[QuestionRow]) -> list[Question]:
    """Their `viewer` is loaded. One that is hidden tells nothing but that."""
    names = names_of(row.viewer.person_id for row in rows)
    return [
        Question(
            id=row.pk,
            by=row.viewer_id,
            name=names.get(row.viewer.person_id) or _("Somebody"),
            text="" if row.state == QuestionState.HIDDEN else row.text,
            state=QuestionState(row.state),
            raised=row.raised,
            at=row.asked_at,
        )
        for row in rows
    ]
