"""Who shares in what, at a moment; agreements of a subject, a channel and a person. Bounded reads."""

import uuid
from datetime import datetime
from hashlib import sha256

from django.db.models import QuerySet, Subquery

from footlights.accounts.api import Permission
from footlights.catalog.api import may
from footlights.kernel.errors import NotFoundError
from footlights.splits import policies
from footlights.splits.models import AgreementRow, PartyRow
from footlights.splits.records import Agreement, Shares, SubjectKind

PAGE_SIZE = 50


def shares_of(subject_kind: SubjectKind, subject_id: uuid.UUID, at: datetime) -> Shares:
    """The ledger's accounts that share in this at that moment, with bps that sum to 10,000; one query.

    The newest agreement whose time had come decides. Empty when all goes to the channel.
    """
    newest = agreed(subject_kind, subject_id).filter(in_force_from__lte=at)
    rows = list(
        PartyRow.objects.filter(agreement_id=Subquery(newest.values("pk")[:1])).values_list(
            "agreement__channel_id", "person_id", "bps"
        )
    )
    if not rows:
        return ()
    return policies.shares_from(rows[0][0], [(person_id, bps) for _channel, person_id, bps in rows if person_id])


def list_agreements(subject_kind: SubjectKind, subject_id: uuid.UUID) -> list[Agreement]:
    """Of one subject, the newest first; at most 50."""
    rows = AgreementRow.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
    return _records(rows, 1)[:PAGE_SIZE]


def list_agreements_of_channel(channel_id: uuid.UUID, page: int = 1) -> list[Agreement]:
    """The newest first, 50 a page and one more where there is a next page; pages from 1."""
    return _records(AgreementRow.objects.filter(channel_id=channel_id), page)


def list_agreements_of_person(person_id: uuid.UUID, page: int = 1) -> list[Agreement]:
    """Those in which this person is a party; as above."""
    mine = PartyRow.objects.filter(person_id=person_id).values("agreement_id")
    return _records(AgreementRow.objects.filter(pk__in=mine), page)


def get_agreement(agreement_id: uuid.UUID, person_id: uuid.UUID) -> Agreement:
    """For its parties, and who may share the channel's earnings. To others it is not found."""
    row = AgreementRow.objects.filter(pk=agreement_id).prefetch_related("parties").first()
    if row is not None:
        agreement = row.to_record()
        if agreement.party(person_id) or may(person_id, Permission.SHARE_EARNINGS, agreement.channel_id):
            return agreement
    raise NotFoundError("There is no such agreement.")


def find_asked(token: str) -> Agreement | None:
    """What the link of somebody without an account is about, while it is open."""
    row = PartyRow.objects.filter(digest=digest_of(token)).select_related("agreement").first()
    return row.agreement.to_record() if row and not row.agreement.closed_as else None


def address_asked(token: str) -> str:
    """Where the link with this token went."""
    row = PartyRow.objects.filter(digest=digest_of(token)).first()
    return row.address if row else ""


def digest_of(token: str) -> bytes:
    """What is kept of the token in a link."""
    return sha256(token.encode()).digest()


def agreed(subject_kind: SubjectKind, subject_id: uuid.UUID) -> QuerySet[AgreementRow]:
    """What everybody signed, the newest first: it goes before the older from its date on."""
    return AgreementRow.objects.filter(
        subject_kind=subject_kind, subject_id=subject_id, in_force_from__isnull=False
    ).order_by("-pk")


def _records(rows: QuerySet[AgreementRow], page: int) -> list[Agreement]:
    start = (page - 1) * PAGE_SIZE
    found = rows.order_by("-pk").prefetch_related("parties")[start : start + PAGE_SIZE + 1]
    return [row.to_record() for row in found]
