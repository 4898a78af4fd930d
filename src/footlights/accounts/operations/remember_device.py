import hashlib
from datetime import datetime
from uuid import UUID

from footlights.accounts.models import Device


def remember_device(*, person_id: UUID, token: str, at: datetime) -> bool:
    """Know the browser that holds `token` as this person's. True if it is new and they have used others before.

    One or two statements; repeatable. Only the digest of the token is stored.
    """
    has_others = Device.objects.filter(person_id=person_id).exists()
    _, is_new = Device.objects.get_or_create(
        person_id=person_id, digest=hashlib.sha256(token.encode()).digest(), defaults={"known_since": at}
    )
    return is_new and has_others
