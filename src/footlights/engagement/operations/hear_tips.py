"""Tips that arrived become what they were given with: a word in the chat, or a question. Joins the transaction.

One that went back is not shown any more: its words are gone, and a question stands where the others do.
"""

from footlights.engagement import policies
from footlights.engagement.errors import RefusedError
from footlights.engagement.models import BanRow, GivenRow, MessageRow, QuestionRow, ViewerRow
from footlights.engagement.operations.floor import Floor
from footlights.engagement.records import HeldFor, QuestionState

AT_ONCE = 100


def hear_tips(floor: Floor) -> None:
    """Those that came or went back unheard. In a room that is closed none is heard any more; what is owed goes back."""
    rows = list(GivenRow.objects.filter(room=floor.room, heard_at=None).order_by("at", "pk")[:AT_ONCE])
    persons = {row.person_id for row in rows if row.person_id}
    bans = BanRow.objects.filter(channel_id=floor.room.channel_id, person_id__in=persons)
    banned = set(bans.values_list("person_id", flat=True))
    for row in rows:
        if row.returned_at is not None:
            _take_down(floor, row)
        elif floor.room.closed_at is None:
            if row.is_question:
                _ask(floor, row, is_banned=row.person_id in banned)
            else:
                _say(floor, row, is_banned=row.person_id in banned)
        row.heard_at = floor.at
        row.save(update_fields=["heard_at"])


def _say(floor: Floor, row: GivenRow, *, is_banned: bool) -> None:
    """The tip is shown; its words as the room's rules have it, and a banned person's not at all."""
    text, held_for = ("", HeldFor.NOTHING) if is_banned else _words(floor, row.text)
    message = MessageRow.objects.create(
        id=row.pk,
        room=floor.room,
        viewer=_giver(floor, row),
        text=text,
        said_at=floor.at,
        held_for=held_for,
        tip_minor=row.amount_minor,
        tip_currency=row.currency,
    )
    (floor.held if held_for else floor.said).append(message)


def _take_down(floor: Floor, row: GivenRow) -> None:
    message = MessageRow.objects.filter(pk=row.pk, hidden_at=None).first()
    if message is not None:
        floor.hide([message], by_id=None)
    question = QuestionRow.objects.filter(pk=row.pk, tip_minor__isnull=False).first()
    if question is not None:
        question.tip_minor, question.tip_currency = None, ""
        question.save(update_fields=["tip_minor", "tip_currency"])
        floor.questions[question.pk] = question


def _words(floor: Floor, typed: str) -> tuple[str, HeldFor]:
    try:
        text = policies.plain_text(typed, most=policies.QUESTION_LENGTH_MAX)
        return text, policies.held_for(text, rules=floor.room.to_rules(), is_known=True, listed=floor.listed)
    except RefusedError:
        return "", HeldFor.NOTHING


def _ask(floor: Floor, row: GivenRow, *, is_banned: bool) -> None:
    """What may not be asked is not; then the money goes back."""
    try:
        text = policies.plain_text(row.text, most=policies.QUESTION_LENGTH_MAX)
        policies.check_links(text, is_staff=False)
    except RefusedError:
        return
    if is_banned:
        return
    floor.questions[row.pk] = QuestionRow.objects.create(
        id=row.pk,
        room=floor.room,
        viewer=_giver(floor, row),
        text=text,
        state=QuestionState.ASKED,
        asked_at=floor.at,
        tip_minor=row.amount_minor,
        tip_currency=row.currency,
    )


def _giver(floor: Floor, row: GivenRow) -> ViewerRow:
    """Whoever gives without a name is somebody new each time, whom nobody knows."""
    viewer, _is_new = ViewerRow.objects.get_or_create(
        room=floor.room, person_id=row.person_id or row.pk, defaults={"created_at": floor.at}
    )
    return viewer
