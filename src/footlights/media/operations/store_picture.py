from datetime import datetime
from uuid import UUID

from footlights.kernel import storage
from footlights.kernel.ids import new_token
from footlights.media import models, records
from footlights.media.adapters import pictures
from footlights.media.queries import picture_record


def store_picture(*, owner_id: UUID, body: bytes, purpose: pictures.Purpose, at: datetime) -> records.Picture:
    """Encode and keep a picture somebody sent. Raises InvalidInputError in the sender's words."""
    encoded = pictures.encode(pictures.decode(body), pictures.WIDTHS[purpose])
    token = new_token()
    for name, content in encoded.files.items():
        storage.put(f"media/{token}/{name}", content, content_type=f"image/{name.rsplit('.')[-1]}")
    row = models.Picture.objects.create(
        owner_id=owner_id,
        purpose=purpose,
        token=token,
        width=encoded.width,
        height=encoded.height,
        widths=encoded.widths,
        color=encoded.color,
        created_at=at,
    )
    return picture_record(row)
