"""Every public address of the catalog, in the pages a search engine asks for. Bounded reads, no pictures."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from footlights.catalog import models
from footlights.catalog.cards import public_titles
from footlights.catalog.records import Address

MAX_ADDRESSES = 5_000


def count_title_addresses(*, at: datetime) -> int:
    return public_titles(at).count()


def list_title_addresses(*, at: datetime, page: int) -> list[Address]:
    """Titles that everybody may find, the oldest first, so that a page's content hardly changes. `page` from 1."""
    found = public_titles(at).order_by("id").values_list("channel__handle", "slug", "updated_at")
    return [Address(f"/@{handle}/{slug}", changed_at) for handle, slug, changed_at in page_of(found, page)]


def count_channel_addresses(*, at: datetime) -> int:
    return _channels(at).count()


def list_channel_addresses(*, at: datetime, page: int) -> list[Address]:
    """Channels that have something everybody may find."""
    found = _channels(at).order_by("id").values_list("handle", flat=True)
    return [Address(f"/@{handle}", None) for handle in page_of(found, page)]


def _channels(at: datetime) -> QuerySet[models.Channel, models.Channel]:
    return models.Channel.objects.filter(Q(Exists(public_titles(at).filter(channel=OuterRef("pk")))))


def page_of(found: QuerySet[Any, Any], page: int) -> QuerySet[Any, Any]:
    return found[(page - 1) * MAX_ADDRESSES : page * MAX_ADDRESSES]
