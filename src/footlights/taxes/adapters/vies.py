"""VIES, the register of the European Union's VAT numbers: its wire format in, our records out.

https://ec.europa.eu/taxation_customs/vies/#/technical-information: it asks the member state's own register, which may
be away for hours (MS_UNAVAILABLE), and answers errors with status 200 too. With the asker's own number it gives a
request identifier, the proof that it was asked.
"""

from typing import Protocol

import msgspec
from django.conf import settings

from footlights.kernel import outgoing
from footlights.kernel.outgoing import OutgoingError

WITHIN_S = 8.0  # somebody waits at the till meanwhile
NO_ANSWER = "NO_ANSWER"
ANSWERED = "INVALID_INPUT"  # the one error that says something of the number


class RegisterSilentError(Exception):
    """The register did not say whether the number exists. Its word for why."""


class Entry(msgspec.Struct, frozen=True):
    """What a register says of a number."""

    is_valid: bool
    request_id: str = ""


class Register(Protocol):
    """Says whether a number exists. Raises RegisterSilentError."""

    def look_up(self, number: str, *, own_number: str) -> Entry: ...


class _Error(msgspec.Struct):
    error: str = NO_ANSWER


class _Told(msgspec.Struct, rename="camel"):
    valid: bool | None = None
    request_identifier: str | None = None
    user_error: str = ""
    error_wrappers: list[_Error] = []


class Vies:
    def look_up(self, number: str, *, own_number: str) -> Entry:
        asked = {"countryCode": number[:2], "vatNumber": number[2:]}
        if own_number:
            asked |= {"requesterMemberStateCode": own_number[:2], "requesterNumber": own_number[2:]}
        told = _ask(msgspec.json.encode(asked))
        errors = [each.error for each in told.error_wrappers]
        if ANSWERED in errors:
            return Entry(is_valid=False)
        if errors or told.valid is None:
            raise RegisterSilentError(errors[0] if errors else told.user_error or NO_ANSWER)
        return Entry(is_valid=told.valid, request_id=told.request_identifier or "")


def _ask(body: bytes) -> _Told:
    headers = {"content-type": "application/json", "accept": "application/json"}
    try:
        answer = outgoing.fetch("POST", settings.VIES_URL, headers=headers, body=body, within_s=WITHIN_S)
        return msgspec.json.decode(answer.body, type=_Told)
    except (OutgoingError, msgspec.MsgspecError) as error:
        raise RegisterSilentError(NO_ANSWER) from error
