"""What one person may keep is bounded, and counted by the database however many ask at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from footlights.audit.testing import recorded
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.media import api, models
from footlights.media.errors import TooLargeError


@pytest.fixture(autouse=True)
def _small(settings) -> None:
    settings.MAX_STORED_BYTES_A_PERSON = 10 * 10**9


def begin(owner, gigabytes: int):
    return api.start_upload(owner_id=owner, filename="a.mp4", size_bytes=gigabytes * 10**9, at=now())


@pytest.mark.django_db
def test_who_has_no_room_is_told_how_much_is_used_and_others_have_theirs() -> None:
    owner = new_id()
    begin(owner, 8)
    with pytest.raises(TooLargeError, match=r"this file of 3\.0 GB: your files take 8\.0 GB of 10\.0 GB"):
        begin(owner, 3)
    begin(owner, 2)
    assert api.get_upload_room(owner, at=now()).is_full
    begin(new_id(), 10)


@pytest.mark.django_db
def test_what_is_taken_back_or_was_never_finished_takes_no_room() -> None:
    owner = new_id()
    api.terminate_upload(upload_id=begin(owner, 10).id, owner_id=owner)
    begin(owner, 10)
    models.Upload.objects.update(expires_at=now() - timedelta(seconds=1))
    assert api.get_upload_room(owner, at=now()).used_bytes == 0
    api.expire_uploads(at=now())
    begin(owner, 10)


@pytest.mark.django_db
def test_an_upload_that_was_not_finished_in_time_is_in_the_trail() -> None:
    owner = new_id()
    upload = begin(owner, 1)
    api.expire_uploads(at=now() + timedelta(days=3))
    api.expire_uploads(at=now() + timedelta(days=3))
    [told] = recorded("upload.expired")
    assert (told.object_id, told.actor_id, told.person_ids) == (str(upload.id), None, (owner,))
    assert told.before == {"file": "a.mp4", "size_bytes": 10**9, "received_bytes": 0}


@pytest.mark.django_db(transaction=True)
def test_of_uploads_that_begin_at_once_only_those_with_room_do() -> None:
    owner = new_id()

    def attempt(_: int) -> bool:
        try:
            begin(owner, 4)
        except TooLargeError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(4))) == 2
