"""What the detectors are fed with, made of what the trail and the tallies hold."""

from collections.abc import Iterable
from datetime import datetime

from footlights.accounts.api import address_network
from footlights.alerts.records import Happening, What
from footlights.audit.api import LICENCES, NOT_THEIRS, SIGN_IN_LIMITED, Act, Record, Tally
from footlights.kernel.countries import country_of

WHATS: dict[str, What] = {
    Act.SESSION_REFUSED: What.REFUSED,
    Act.SECOND_FACTOR_REFUSED: What.REFUSED,
    Act.SESSION_STARTED: What.SIGNED_IN,
    Act.REFUND_ASKED: What.REFUND_ASKED,
    Act.PURCHASE_REFUNDED: What.REFUNDED,
    Act.DISPUTE_OPENED: What.DISPUTED,
    Act.GIVING_SUSPECTED: What.SUSPECTED,
    Act.GATEWAY_DIFFERS: What.GATEWAY_DIFFERS,
    Act.GATEWAY_FORBIDS: What.GATEWAY_FORBIDS,
    Act.PAYOUT_DESTINATION_SET: What.DESTINATION_CHANGED,
    Act.PAYOUT_REQUESTED: What.PAYOUT_ASKED,
    Act.UPLOAD_STARTED: What.UPLOADED,
    Act.TITLE_DELETED: What.DELETED,
    Act.FILE_DELETED: What.DELETED,
    Act.PERSON_MADE_ADMINISTRATOR: What.ADMINISTRATOR_MADE,
    Act.TRAIL_BROKEN: What.TRAIL_BROKEN,
}
ACTS = [str(act) for act in WHATS]
LASTING = [str(Act.PAYOUT_DESTINATION_SET)]  # what is remembered for longer than the widest window
OF_PAYEES = {What.DESTINATION_CHANGED, What.PAYOUT_ASKED}
UNKNOWN_PERSON = "unknown person"
SERIES_IN_TRAIL = [
    (What.REFUSED, [Act.SESSION_REFUSED, Act.SECOND_FACTOR_REFUSED], ""),
    (What.UNKNOWN, [Act.SESSION_REFUSED], UNKNOWN_PERSON),
    (What.SIGNED_IN, [Act.SESSION_STARTED], ""),
    (What.REFUNDED, [Act.PURCHASE_REFUNDED], ""),
    (What.DISPUTED, [Act.DISPUTE_OPENED], ""),
    (What.DELETED, [Act.TITLE_DELETED, Act.FILE_DELETED], ""),
]


def of_records(records: Iterable[Record]) -> list[Happening]:
    return [happening for record in records if (happening := _of_record(record))]


def _of_record(record: Record) -> Happening | None:
    what = WHATS.get(record.act)
    if what is None:
        return None
    account = record.object_id if record.object_kind in {"person", UNKNOWN_PERSON} else ""
    if what in OF_PAYEES:
        account = str(record.channel_id or next(iter(record.person_ids), record.object_id))
    if what is What.DESTINATION_CHANGED and not (record.after or {}).get("before"):
        return None  # a first one changes nothing
    if what is What.ADMINISTRATOR_MADE and str(record.actor_id) == account:
        return None  # the first run: the owner makes themselves one
    actor = str(record.actor_id or "")
    if what is What.DELETED and not actor:
        return None  # the service clears up after people who deleted before
    return Happening(
        at=record.at.timestamp(),
        what=what,
        account=account,
        actor=actor,
        block=address_network(record.address),
        is_unknown=record.object_kind == UNKNOWN_PERSON,
        country=country_of(record.address) if what is What.SIGNED_IN and record.address else "",
        record=str(record.id),
    )


def of_tallies(tallies: Iterable[Tally], *, at: datetime | None = None) -> list[Happening]:
    """`at` when they were counted just now; else their minute must do."""
    return [happening for tally in tallies if (happening := _of_tally(tally, (at or tally.minute).timestamp()))]


def _of_tally(tally: Tally, at: float) -> Happening | None:
    if tally.name == LICENCES:
        return Happening(at=at, what=What.LICENCE, actor=tally.subject, count=tally.count)
    kind, _, subject = tally.subject.partition(" ")
    if tally.name == NOT_THEIRS:
        account, block = ("", subject) if kind == "block" else (subject, "")
        return Happening(at=at, what=What.NOT_THEIRS, account=account, block=block, count=tally.count)
    if tally.name == SIGN_IN_LIMITED:
        if subject == "unknown":
            return None  # all of them together are no account; the block counts
        if kind == "block":
            return Happening(at=at, what=What.REFUSED, block=subject, count=tally.count)
        return Happening(at=at, what=What.LIMITED, account=subject, count=tally.count)
    return None
