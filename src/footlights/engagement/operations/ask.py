"""Questions, and who wants to know them too. Joins the transaction that holds the room."""

from typing import Any
from uuid import UUID

from django.db.models import Count

from footlights.engagement import policies
from footlights.engagement.errors import RefusedError
from footlights.engagement.models import QuestionRow, RaiseRow
from footlights.engagement.operations.floor import Floor
from footlights.engagement.records import QuestionState

WAITING_MAX = 3  # of one person at once: a room of thousands stays readable, and nobody floods it


def ask(floor: Floor, spoken: list[tuple[UUID, Any]]) -> None:
    """Keep questions; each is answered under its key. Asked twice is asked once."""
    waiting = _waiting({viewer_id for viewer_id, _body in spoken})
    ids = [policies.own_id(viewer_id, body.key) for viewer_id, body in spoken if policies.KEY.fullmatch(body.key)]
    known = set(QuestionRow.objects.filter(pk__in=ids).values_list("pk", flat=True))
    fresh: list[QuestionRow] = []
    for viewer_id, body in spoken:
        try:
            row = _question(floor, viewer_id, body.key, body.text)
            if row.pk not in known:
                if waiting.get(viewer_id, 0) >= WAITING_MAX and not floor.is_staff(row.viewer):
                    raise RefusedError("many")  # noqa: TRY301  answered below as any other refusal
                waiting[viewer_id] = waiting.get(viewer_id, 0) + 1
                known.add(row.pk)
                fresh.append(row)
        except RefusedError as error:
            floor.answer(viewer_id, body.key, refused=error.code)
        else:
            floor.answer(viewer_id, body.key)
    floor.questions |= {row.pk: row for row in QuestionRow.objects.bulk_create(fresh)}


def raise_question(floor: Floor, spoken: list[tuple[UUID, Any]]) -> None:
    """Count that somebody wants to know it too: once a person, whatever they send."""
    questions = _questions(floor, {body.question for _viewer_id, body in spoken})
    pairs = RaiseRow.objects.filter(question__in=questions, viewer_id__in={viewer_id for viewer_id, _body in spoken})
    raised = set(pairs.values_list("question_id", "viewer_id"))
    fresh: list[RaiseRow] = []
    for viewer_id, body in spoken:
        try:
            viewer, question = floor.viewer(viewer_id), questions.get(body.question)
            if question is None or question.state != QuestionState.ASKED:
                raise RefusedError("gone")  # noqa: TRY301  answered below as any other refusal
        except RefusedError as error:
            floor.answer(viewer_id, body.key, refused=error.code)
            continue
        if (question.pk, viewer_id) not in raised:
            raised.add((question.pk, viewer_id))
            fresh.append(RaiseRow(question=question, viewer=viewer))
        floor.answer(viewer_id, body.key)
    RaiseRow.objects.bulk_create(fresh)
    for row in fresh:
        row.question.raised += 1
        floor.questions[row.question_id] = row.question
    for question_id in {row.question_id for row in fresh}:
        floor.questions[question_id].save(update_fields=["raised"])


def _question(floor: Floor, viewer_id: UUID, key: str, typed: str) -> QuestionRow:
    viewer = floor.speaker(viewer_id)
    text = policies.plain_text(typed, most=policies.QUESTION_LENGTH_MAX)
    policies.check_links(text, is_staff=floor.is_staff(viewer))
    identifier = policies.own_id(viewer_id, key)
    return QuestionRow(
        id=identifier, room=floor.room, viewer=viewer, text=text, state=QuestionState.ASKED, asked_at=floor.at
    )


def _questions(floor: Floor, wanted: set[UUID]) -> dict[UUID, QuestionRow]:
    found = QuestionRow.objects.filter(room=floor.room, pk__in=wanted - floor.questions.keys())
    return {**{row.pk: row for row in found.select_related("viewer")}, **floor.questions}


def _waiting(viewer_ids: set[UUID]) -> dict[UUID, int]:
    rows = QuestionRow.objects.filter(viewer_id__in=viewer_ids, state=QuestionState.ASKED)
    return {row["viewer_id"]: row["count"] for row in rows.values("viewer_id").annotate(count=Count("pk"))}
