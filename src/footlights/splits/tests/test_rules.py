"""The rules hold against anybody with a connection, not only against our own operations."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from footlights.kernel.clock import now
from footlights.splits.models import AgreementRow, PartyRow
from footlights.splits.testing import agree

AT = now()


def sql(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "update splits_agreement set from_at = from_at - interval '1 day'",
        "update splits_agreement set closed_as = 'declined', closed_at = now(), in_force_from = null",
        "update splits_party set bps = 9000",
        "update splits_party set signed_at = null",
        "update splits_party set person_id = gen_random_uuid()",
        "delete from splits_party",
        "delete from splits_agreement",
        "truncate splits_party",
        "truncate splits_agreement cascade",
        "insert into splits_party (id, agreement_id, person_id, bps) select gen_random_uuid(), id, gen_random_uuid(), 1 from splits_agreement",
    ],
)
def test_what_is_agreed_is_not_altered(title, director, statement: str) -> None:
    agree(title, (director, 3_000), at=AT)
    with pytest.raises(DatabaseError, match="kept"):
        sql(statement)
    assert PartyRow.objects.get().bps == 3_000


def draft(*bps: int, announced: int | None = None, signed: bool = True) -> AgreementRow:
    row = AgreementRow.objects.create(
        subject_kind="title",
        subject_id=uuid.uuid4(),
        channel_id=uuid.uuid4(),
        party_count=announced or len(bps),
        from_at=AT,
        proposed_by=uuid.uuid4(),
        proposed_at=AT,
    )
    for each in bps:
        PartyRow.objects.create(agreement=row, person_id=uuid.uuid4(), bps=each, signed_at=AT if signed else None)
    return row


def come_into_force(row: AgreementRow, at=AT) -> None:
    with transaction.atomic():
        AgreementRow.objects.filter(pk=row.pk).update(in_force_from=at)


@pytest.mark.django_db
def test_only_what_everybody_signed_comes_into_force() -> None:
    come_into_force(draft(5_000, 5_000))
    for row in (draft(5_000, signed=False), draft(5_000, announced=2), draft(5_000, 5_001)):
        with pytest.raises(IntegrityError, match="parties"):
            come_into_force(row)


@pytest.mark.django_db
def test_nothing_comes_into_force_before_its_date_and_a_share_is_at_most_the_whole() -> None:
    with pytest.raises(IntegrityError, match="in_force"):
        come_into_force(draft(5_000), AT - timedelta(seconds=1))
    with pytest.raises(IntegrityError, match="splits_party_share"):
        draft(10_001)


@pytest.mark.django_db
def test_who_is_not_known_cannot_sign() -> None:
    with pytest.raises(IntegrityError, match="splits_party_known"):
        PartyRow.objects.create(agreement=draft(1), bps=1, signed_at=AT)
