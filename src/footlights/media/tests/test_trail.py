"""Files that come and go are in the trail."""

import io

import pytest

from footlights.audit.testing import recorded
from footlights.kernel.clock import now
from footlights.kernel.errors import NotAllowedError
from footlights.kernel.ids import new_id
from footlights.media import api
from footlights.media.models import Asset
from footlights.media.testing import make_asset

pytestmark = pytest.mark.django_db


def begin(owner_id):
    return api.start_upload(owner_id=owner_id, filename="film.mp4", size_bytes=8, content_type="", at=now())


def test_an_upload_is_told_when_it_starts_and_when_it_is_whole():
    owner = new_id()
    upload = begin(owner)
    for offset in (0, 4):
        api.append_to_upload(
            upload_id=upload.id,
            owner_id=owner,
            offset_bytes=offset,
            body=io.BytesIO(b"half"),
            at=now(),
            announced_bytes=4,
        )
    started, finished = recorded()
    assert (started.act, finished.act) == ("upload.started", "upload.finished")
    assert {each.object_id for each in (started, finished)} == {str(upload.id)}
    assert started.actor_id == finished.actor_id == owner
    assert started.after == {"file": "film.mp4", "size_bytes": 8}
    with pytest.raises(NotAllowedError):
        api.terminate_upload(upload_id=upload.id, owner_id=owner)
    assert recorded("upload.deleted") == []


def test_an_upload_that_is_taken_back_is_told():
    owner = new_id()
    api.terminate_upload(upload_id=begin(owner).id, owner_id=owner)
    [told] = recorded("upload.deleted")
    assert (told.before, told.person_ids) == ({"file": "film.mp4", "size_bytes": 8}, (owner,))


def test_a_file_is_told_when_it_is_tried_again_and_when_it_goes_once():
    asset = make_asset(new_id())
    Asset.objects.filter(pk=asset.id).update(state="failed", failure="It broke.")
    api.retry_asset(asset_id=asset.id, owner_id=asset.owner_id, at=now())
    for _ in range(2):
        api.delete_asset(asset_id=asset.id, at=now())
    [tried], [deleted] = recorded("file.retried"), recorded("file.deleted")
    assert tried.before == {"state": "failed"}
    assert deleted.person_ids == (asset.owner_id,)
