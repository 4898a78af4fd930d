"""Look at the number of a business, at its register where that is asked, and keep what came of it."""

from datetime import datetime, timedelta

from footlights.taxes.adapters.registry import register_for
from footlights.taxes.adapters.vies import Register, RegisterSilentError
from footlights.taxes.models import NumberCheckRow
from footlights.taxes.numbers import asker_of, tidy_number
from footlights.taxes.policies import SAME_TAXES_AS
from footlights.taxes.queries import counting_check, own_number_for
from footlights.taxes.records import Answer, NumberCheck

ASKED_AGAIN_AFTER = {
    Answer.FORM: timedelta(days=1),
    Answer.VALID: timedelta(days=1),
    Answer.INVALID: timedelta(minutes=10),  # a new number may reach the register within the hour
    Answer.SILENT: timedelta(minutes=1),
}


def check_number(*, typed: str, country: str, at: datetime) -> NumberCheck | None:
    """What is known of the number now; None when no number of that country has its form. Writes one row when it asks.

    An answer counts for a day; silence for a minute, and then for less than an answer of the last 90 days. Safe to
    repeat. Asks the register within eight seconds: call outside a transaction.
    """
    number = tidy_number(typed, country)
    if not number:
        return None
    last = NumberCheckRow.objects.filter(number=number).order_by("-at", "-pk").first()
    if last is None or last.at + ASKED_AGAIN_AFTER[Answer(last.answer)] <= at:
        last = _look_up(number, country, at)
    return counting_check(number, country, at) or last.to_record()


def _look_up(number: str, country: str, at: datetime) -> NumberCheckRow:
    place = SAME_TAXES_AS.get(country, country)
    register = register_for(place)
    found = {"answer": Answer.FORM} if register is None else _ask(register, number, asker_of(own_number_for(place, at)))
    return NumberCheckRow.objects.create(number=number, country=place, at=at, **found)


def _ask(register: Register, number: str, own_number: str) -> dict[str, str]:
    try:
        entry = register.look_up(number, own_number=own_number)
    except RegisterSilentError as error:
        return {"answer": Answer.SILENT, "reason": str(error)[:60]}
    return {"answer": Answer.VALID if entry.is_valid else Answer.INVALID, "request_id": entry.request_id[:60]}
