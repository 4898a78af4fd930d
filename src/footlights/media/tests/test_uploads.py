"""What happens to a part when the database goes away at the worst moment."""

import io

import pytest
from django.db import OperationalError, connection

from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.media import api, models
from footlights.media.adapters import sealed

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_a_part_that_was_committed_is_kept_though_the_database_could_not_say_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner = new_id()
    upload = api.start_upload(owner_id=owner, filename="film.mp4", size_bytes=8, content_type="", at=now())
    commit = connection.commit

    def commit_and_go_away() -> None:
        commit()
        raise OperationalError("the server closed the connection unexpectedly")

    with monkeypatch.context() as patch, pytest.raises(OperationalError):
        patch.setattr(connection, "commit", commit_and_go_away)
        api.append_to_upload(upload_id=upload.id, owner_id=owner, offset_bytes=0, body=io.BytesIO(b"half"), at=now())

    assert api.get_upload(upload.id, owner).offset_bytes == 4
    (part,) = models.SourcePart.objects.filter(upload_id=upload.id)
    assert sealed.get_part(part.object_key) == b"half"
