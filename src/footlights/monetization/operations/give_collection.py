"""Let somebody watch a collection that another paid for, of a season also what comes out later; and take it back."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from footlights.monetization.models import EntitlementRow, GivenCollectionRow, GrantRow
from footlights.monetization.operations.grant_parts import later_titles
from footlights.monetization.records import OfferKind


def give_collection(
    *, viewer_id: uuid.UUID, collection_id: uuid.UUID, title_ids: Collection[uuid.UUID], cause: str, at: datetime
) -> None:
    """Let `viewer_id` watch the titles that were promised, and of a season all that is out; once for each cause.

    Giving again what was taken back lets the same person watch again. Joins the caller's transaction; one at a time
    for each collection, so that whoever opens a gift while a season grows sees what came, or is seen by it.
    """
    with transaction.atomic():
        _lock(collection_id)
        given, is_new = GivenCollectionRow.objects.get_or_create(
            cause=cause, defaults={"viewer_id": viewer_id, "collection_id": collection_id, "granted_at": at}
        )
        if not is_new:
            GivenCollectionRow.objects.filter(pk=cause).update(revoked_at=None)
            _granted_by(cause).update(revoked_at=None)
        _grant(given, {*title_ids, *later_titles(collection_id, at)}, at)


def give_later_titles(*, collection_id: uuid.UUID, at: datetime) -> None:
    """A season grew: who was given it may watch what came. Safe to repeat."""
    with transaction.atomic():
        _lock(collection_id)
        titles = later_titles(collection_id, at)
        if titles:
            for given in GivenCollectionRow.objects.filter(collection_id=collection_id, revoked_at=None).iterator():
                _grant(given, titles, at)


def take_collection(*, cause: str, at: datetime) -> None:
    """What was given for `cause` can be watched no more. Safe to repeat, and for a cause that never was."""
    if GivenCollectionRow.objects.filter(pk=cause, revoked_at=None).update(revoked_at=at):
        _granted_by(cause).filter(revoked_at=None).update(revoked_at=at)


def _granted_by(cause: str) -> QuerySet[EntitlementRow]:
    return EntitlementRow.objects.filter(grant__cause__startswith=f"{cause}:")


def _grant(given: GivenCollectionRow, title_ids: Collection[uuid.UUID], at: datetime) -> None:
    """What of these it did not grant yet."""
    had = set(_granted_by(given.cause).values_list("title_id", flat=True))
    entitlements = EntitlementRow.objects.bulk_create(
        [
            EntitlementRow(
                viewer_id=given.viewer_id,
                title_id=title_id,
                collection_id=given.collection_id,
                kind=OfferKind.BUY,
                granted_at=at,
            )
            for title_id in title_ids
            if title_id not in had
        ]
    )
    GrantRow.objects.bulk_create(
        [GrantRow(cause=given.cause_of(each.title_id), entitlement=each) for each in entitlements]
    )


def _lock(collection_id: uuid.UUID) -> None:
    """Until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended('monetization.given:' || %s::text, 0))", [collection_id.hex]
        )
