"""Rows as rooms are told of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from footlights.engagement.models import MessageRow, PollRow, QuestionRow, ViewerRow
from footlights.engagement.records import (
    HeldFor,
    Message,
    Named,
    Poll,
    PollKind,
    PollState,
    Question,
    QuestionState,
    Quote,
    Sum,
)
from footlights.engagement.staff import names_of
from footlights.engagement.words import fold
from footlights.kernel.money import Money

QUOTE_LENGTH = 120


def tell_messages(rows: Sequence[MessageRow], *, staff: Collection[UUID]) -> list[Message]:
    """Their `viewer` and `answers_to__viewer` are loaded. Two queries at most."""
    answered = [row.answers_to for row in rows if row.answers_to]
    mentioned = ViewerRow.objects.in_bulk({viewer_id for row in rows for viewer_id in row.mentions})
    viewers = [*(row.viewer for row in [*rows, *answered]), *mentioned.values()]
    called = called_in_room((viewer.person_id for viewer in viewers), staff=staff)
    return [
        Message(
            id=row.pk,
            by=row.viewer_id,
            name=called[row.viewer.person_id],
            staff=row.viewer.person_id in staff,
            member=row.viewer.is_member,
            text=row.text,
            at=row.said_at,
            quote=_quote(row.answers_to, called),
            mentions=[Named(each, called[mentioned[each].person_id]) for each in row.mentions if each in mentioned],
            held_for=HeldFor(row.held_for),
            tip=_tip(row),
        )
        for row in rows
    ]


def _tip(row: MessageRow | QuestionRow) -> Sum | None:
    if row.tip_minor is None:
        return None
    return Sum(str(Money(row.tip_minor, row.tip_currency).decimal), row.tip_currency)


def _quote(row: MessageRow | None, called: Mapping[UUID, str]) -> Quote | None:
    """Nothing of one that is not shown (any more)."""
    if row is None or row.hidden_at or row.held_for:
        return None
    return Quote(id=row.pk, name=called[row.viewer.person_id], text=row.text[:QUOTE_LENGTH])


def called_in_room(person_ids: Iterable[UUID], *, staff: Collection[UUID]) -> dict[UUID, str]:
    """What each is called. Whoever took a name that looks like one of the team's is somebody."""
    wanted = set(person_ids)
    names = names_of(wanted | set(staff)) if wanted else {}
    taken = {fold(names[each]) for each in staff if each in names}
    return {
        each: name if (name := names.get(each)) and (each in staff or fold(name) not in taken) else _("Somebody")
        for each in wanted
    }


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
        right=row.right if state is PollState.CLOSED else None,
        at=row.opened_at,
        closes_at=row.closes_at,
    )


def tell_questions(rows: Sequence[QuestionRow], *, staff: Collection[UUID]) -> list[Question]:
    """Their `viewer` is loaded. One that is hidden tells nothing but that."""
    called = called_in_room((row.viewer.person_id for row in rows), staff=staff)
    return [
        Question(
            id=row.pk,
            by=row.viewer_id,
            name=called[row.viewer.person_id],
            text="" if row.state == QuestionState.HIDDEN else row.text,
            state=QuestionState(row.state),
            raised=row.raised,
            at=row.asked_at,
            tip=_tip(row),
        )
        for row in rows
    ]
