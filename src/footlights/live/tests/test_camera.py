"""A page's pass opens the one broadcast it was made for, for a minute, and nothing else."""

import pytest

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.live import api as live
from footlights.live.operations import camera
from footlights.live.testing import NODE, again, make_broadcast, send


@pytest.fixture
def channel(db):
    return make_channel(make_person())


def pass_of(broadcast, editor_id):
    return live.pass_for_camera(broadcast_id=broadcast.id, editor_id=editor_id)


def show(camera_pass, *, node=NODE):
    return live.admit_camera(camera_pass=camera_pass, node=node, at=now())


def test_a_pass_opens_its_broadcast_with_no_key_ever_made(channel):
    other, mine = make_broadcast(channel), make_broadcast(channel, starts_by_itself=True)
    admission = show(pass_of(mine, channel.owner_id))
    assert (admission.broadcast_id, admission.is_on_air, admission.key_since) == (mine.id, True, "")
    assert [again(each).signal.is_sending for each in (mine, other)] == [True, False]


def test_strangers_get_no_pass_and_nobody_gets_one_for_what_is_over(channel):
    broadcast = make_broadcast(channel)
    with pytest.raises(NotFoundError):
        pass_of(broadcast, make_person().pk)
    live.end_broadcast(broadcast_id=broadcast.id, editor_id=channel.owner_id, at=now())
    with pytest.raises(live.WrongMomentError):
        pass_of(broadcast, channel.owner_id)


def test_a_pass_that_is_forged_old_or_of_what_is_over_opens_nothing(channel, monkeypatch):
    broadcast = make_broadcast(channel)
    good = pass_of(broadcast, channel.owner_id)
    for wrong in ("", "x", good[:-1], good + "x", f"x{good}"):
        with pytest.raises(live.NotAdmittedError, match="may not send"):
            show(wrong)
    with monkeypatch.context() as later:
        later.setattr(camera, "GOOD_FOR_S", -1)
        with pytest.raises(live.NotAdmittedError, match="may not send"):
            show(good)
    live.end_broadcast(broadcast_id=broadcast.id, editor_id=channel.owner_id, at=now())
    with pytest.raises(live.NotAdmittedError, match="over"):
        show(good)


def test_a_browser_takes_no_broadcast_from_an_ingest_that_has_it(channel):
    broadcast = make_broadcast(channel)
    send(channel, node="another", at=now())
    with pytest.raises(live.NotAdmittedError, match="already"):
        show(pass_of(broadcast, channel.owner_id))
