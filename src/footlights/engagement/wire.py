"""What viewers send, as it is read: every field bounded, anything else refused."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from footlights.engagement.errors import RefusedError
from footlights.engagement.policies import CHOICES_MAX, MENTIONS_MAX, POLL_S_MAX, POLL_S_MIN, SLOW_S_MAX
from footlights.engagement.records import Answer, Links, PollKind, Review, Speakers
from footlights.engagement.subjects import Kind

BODY_BYTES_MAX = 4_096
Text = Annotated[str, Meta(max_length=1_000)]  # before it is tidied; policies.plain_text says what is too long
Key = Annotated[str, Meta(max_length=40)]


class Say(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: Key
    text: Text
    answers: UUID | None = None
    mentions: Annotated[list[UUID], Meta(max_length=MENTIONS_MAX)] = []


class Vote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: Key
    poll: UUID
    choices: Annotated[list[int], Meta(min_length=1, max_length=CHOICES_MAX)]


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: Key
    text: Text


class Raise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: Key
    question: UUID


class StaffAct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="act", kw_only=True):
    key: Key


class OpenPoll(StaffAct, frozen=True, tag="open-poll", kw_only=True):
    question: Text
    choices: Annotated[list[Text], Meta(min_length=2, max_length=CHOICES_MAX)]
    kind: PollKind = PollKind.SINGLE
    right: int | None = None
    is_result_live: bool = True
    seconds: Annotated[int, Meta(ge=POLL_S_MIN, le=POLL_S_MAX)] | None = None  # it closes by itself after so many


class ClosePoll(StaffAct, frozen=True, tag="close-poll", kw_only=True):
    poll: UUID


class Hide(StaffAct, frozen=True, tag="hide", kw_only=True):
    message: UUID


class Silence(StaffAct, frozen=True, tag="silence", kw_only=True):
    viewer: UUID
    seconds: Annotated[int, Meta(ge=1, le=86_400)]


class Ban(StaffAct, frozen=True, tag="ban", kw_only=True):
    viewer: UUID


class SetRules(StaffAct, frozen=True, tag="rules", kw_only=True):
    slow_s: Annotated[int, Meta(ge=0, le=SLOW_S_MAX)]
    speakers: Speakers
    links: Links
    review: Review


class Show(StaffAct, frozen=True, tag="show", kw_only=True):
    """A message that waits."""

    message: UUID


class Pin(StaffAct, frozen=True, tag="pin", kw_only=True):
    """This message above the chat; None takes down what is there."""

    message: UUID | None


class Answering(StaffAct, frozen=True, tag="answering", kw_only=True):
    question: UUID


class Answered(StaffAct, frozen=True, tag="answered", kw_only=True):
    question: UUID


class HideQuestion(StaffAct, frozen=True, tag="hide-question", kw_only=True):
    question: UUID


Act = OpenPoll | ClosePoll | Hide | Show | Pin | Silence | Ban | SetRules | Answering | Answered | HideQuestion
Body = Say | Vote | Ask | Raise | Act

_DECODERS: dict[Kind, msgspec.json.Decoder[Body]] = {
    Kind.SAY: msgspec.json.Decoder(Say),
    Kind.VOTE: msgspec.json.Decoder(Vote),
    Kind.ASK: msgspec.json.Decoder(Ask),
    Kind.RAISE: msgspec.json.Decoder(Raise),
    Kind.STAFF: msgspec.json.Decoder(Act),
}


class _Keyed(msgspec.Struct, frozen=True):
    key: Key = ""


_keyed = msgspec.json.Decoder(_Keyed)


def read_body(kind: Kind, body: bytes) -> Body:
    """Raises RefusedError("unreadable")."""
    try:
        return _DECODERS[kind].decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RefusedError("unreadable") from error


def read_key(body: bytes) -> str:
    """Under which key it was sent, as far as that can be told; so that even what is unreadable gets an answer."""
    try:
        return _keyed.decode(body).key
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""


def refusal(body: bytes, code: str) -> Answer:
    """The answer to what was sent, that it does not count."""
    return Answer(key=read_key(body), refused=code)
