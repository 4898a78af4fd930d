"""What was given for an answer that did not come goes back, by the refund that tips have."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction

from footlights.engagement.models import GivenRow, QuestionRow, RoomRow
from footlights.engagement.policies import is_to_return
from footlights.engagement.records import QuestionState
from footlights.giving.api import return_promised_tip
from footlights.kernel.errors import FootlightsError
from footlights.payments.api import NothingToRefundError

logger = logging.getLogger(__name__)

AT_ONCE = 200


def return_tips(*, at: datetime) -> int:
    """Give back what is owed by now: when the room is closed, and a day after it was asked. How many.

    Call outside a transaction. Safe to repeat, and to kill: what is decided is kept before money moves.
    """
    heard = GivenRow.objects.filter(is_settled=False, heard_at__isnull=False).order_by("at", "pk")
    returned = 0
    for tip_id in list(heard.values_list("pk", flat=True)[:AT_ONCE]):
        if _decide(tip_id, at) and _give_back(tip_id, at):
            GivenRow.objects.filter(pk=tip_id).update(is_settled=True)
            returned += 1
    return returned


def _decide(tip_id: UUID, at: datetime) -> bool:
    """Whether it goes back; with the room locked, so that nobody answers meanwhile."""
    with transaction.atomic():
        given = GivenRow.objects.get(pk=tip_id)
        room = RoomRow.objects.select_for_update(no_key=True).get(pk=given.room_id)
        question = QuestionRow.objects.filter(pk=tip_id).first()
        if question is not None and question.tip_minor is None:  # decided before
            return True
        state = QuestionState(question.state) if question else None
        if is_to_return(state=state, is_open=room.closed_at is None, asked_at=given.at, at=at):
            QuestionRow.objects.filter(pk=tip_id).update(tip_minor=None, tip_currency="")
            return True
        if state is QuestionState.ANSWERED or room.closed_at is not None:
            GivenRow.objects.filter(pk=tip_id).update(is_settled=True)
    return False


def _give_back(tip_id: UUID, at: datetime) -> bool:
    """Whether it is done, or will be without us. One that cannot be now keeps no other waiting."""
    try:
        return_promised_tip(tip_id=tip_id, at=at)
    except NothingToRefundError:  # somebody of the channel gave it back already
        return True
    except FootlightsError:
        logger.exception("tip %s is owed, and could not be given back; tried again in a minute", tip_id)
        return False
    return True
