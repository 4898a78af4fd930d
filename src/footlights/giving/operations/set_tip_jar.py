"""A channel takes tips, or does not any more."""

import uuid
from datetime import datetime

from django.db import transaction

from footlights.accounts.api import Permission
from footlights.audit.api import Act, record
from footlights.catalog.api import may
from footlights.giving import policies
from footlights.giving.models import TipJarRow
from footlights.giving.records import TipJar
from footlights.kernel.errors import NotFoundError


def set_tip_jar(*, channel_id: uuid.UUID, editor_id: uuid.UUID, jar: TipJar, at: datetime) -> None:
    """Safe to repeat. Raises NotFoundError to whoever may not, InvalidInputError for too long a thank-you."""
    if not may(editor_id, Permission.SET_PRICES, channel_id):
        raise NotFoundError("There is no such channel.")
    thanks = policies.plain_words(jar.thanks, most=policies.THANKS_LENGTH_MAX)
    with transaction.atomic():
        TipJarRow.objects.update_or_create(
            channel_id=channel_id,
            defaults={"is_open": jar.is_open, "thanks": thanks, "changed_by": editor_id, "changed_at": at},
        )
        record(
            act=Act.TIP_JAR_CHANGED,
            object_kind="channel",
            object_id=channel_id,
            actor_id=editor_id,
            channel_id=channel_id,
            after={"open": jar.is_open},
        )
