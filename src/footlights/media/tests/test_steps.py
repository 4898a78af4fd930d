"""Which job comes next, what waits, and what wakes it."""

from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from footlights.kernel import storage
from footlights.kernel.clock import now
from footlights.kernel.errors import NotAllowedError, NotFoundError
from footlights.kernel.ids import new_id
from footlights.kernel.jobs import MEDIA, MEDIA_FIRST
from footlights.media import api, models, testing
from footlights.media.errors import ProgramFailedError, RejectedError
from footlights.media.operations import steps, transcode_asset
from footlights.media.operations.delete_asset import erase_asset
from footlights.media.operations.resume_assets import resume_assets
from footlights.media.operations.steps import Step, defer_step, run_step
from footlights.media.policies import MAX_CRASHES, MAX_STARTS

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def asset() -> models.Asset:
    return models.Asset.objects.get(id=testing.make_asset(new_id(), b"x").id)


def crash(_asset: models.Asset) -> None:
    raise ProgramFailedError("It could not be converted.", detail="segfault")


def jobs(asset: models.Asset) -> list[str]:
    waiting = ProcrastinateJob.objects.filter(lock=f"asset:{asset.id}", status="todo")
    return list(waiting.order_by("-priority", "id").values_list("task_name", flat=True))


def test_what_makes_a_film_play_has_a_lane_of_its_own(asset: models.Asset) -> None:
    for step in (Step.REST, Step.PACKAGE_ALL, Step.FIRST, Step.PACKAGE_FIRST):
        defer_step(asset.id, step)
    lane = ProcrastinateJob.objects.filter(lock=f"asset:{asset.id}").order_by("-priority").values_list("task_name")
    assert [name for (name,) in lane.filter(queue_name=MEDIA_FIRST)] == [
        "media.probe_asset", "media.package_first", "media.transcode_first",
    ]  # fmt: skip
    assert [name for (name,) in lane.filter(queue_name=MEDIA)] == ["media.package_all", "media.transcode_rest"]


def test_a_job_whose_step_is_done_does_nothing(asset: models.Asset) -> None:
    run_step(asset.id, Step.REST, crash)
    assert models.Asset.objects.get(id=asset.id).starts == 0


def test_a_file_that_crashes_its_converter_fails_after_some_tries(asset: models.Asset) -> None:
    for _ in range(MAX_CRASHES - 1):
        with pytest.raises(ProgramFailedError):
            run_step(asset.id, Step.PROBE, crash)
        assert api.get_asset(asset.id).state == "probing"
    run_step(asset.id, Step.PROBE, crash)
    failed = api.get_asset(asset.id)
    assert (failed.state, failed.failure) == ("failed", "It could not be converted.")
    run_step(asset.id, Step.PROBE, crash)
    assert api.get_asset(asset.id) == failed


def test_a_file_that_kills_its_worker_again_and_again_fails(asset: models.Asset) -> None:
    models.Asset.objects.filter(id=asset.id).update(starts=MAX_STARTS)
    run_step(asset.id, Step.PROBE, crash)
    failed = api.get_asset(asset.id)
    assert failed.state == "failed"
    assert failed.failure
    assert "gave up" in failed.failure


def test_trouble_of_our_own_never_counts_against_the_file(asset: models.Asset) -> None:
    def no_luck(_asset: models.Asset) -> None:
        raise ConnectionError("the bucket is away")

    for _ in range(MAX_STARTS * 2):
        with pytest.raises(ConnectionError):
            run_step(asset.id, Step.PROBE, no_luck)
    assert api.get_asset(asset.id).state == "probing"


def test_a_rejected_file_is_not_tried_again_by_itself(asset: models.Asset) -> None:
    def reject(_asset: models.Asset) -> None:
        raise RejectedError("This is not a film.")

    run_step(asset.id, Step.PROBE, reject)
    assert (api.get_asset(asset.id).state, api.get_asset(asset.id).failure) == ("rejected", "This is not a film.")


def test_retry_starts_over_where_it_stopped(asset: models.Asset) -> None:
    with pytest.raises(NotAllowedError):
        api.retry_asset(asset_id=asset.id, owner_id=asset.owner_id, at=now())
    steps.fail(asset, "It could not be converted.")
    with pytest.raises(NotFoundError):
        api.retry_asset(asset_id=asset.id, owner_id=new_id(), at=now())
    api.retry_asset(asset_id=asset.id, owner_id=asset.owner_id, at=now())
    again = api.get_asset(asset.id)
    assert (again.state, again.failure) == ("queued", None)
    assert jobs(asset) == ["media.probe_asset"] * 2


def test_an_asset_whose_jobs_ran_out_is_woken_once(asset: models.Asset) -> None:
    later = now() + timedelta(minutes=10)
    assert resume_assets(at=later) == 0, "its job is waiting"
    models.Asset.objects.filter(id=asset.id).update(step=Step.FIRST)
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where lock = %s", [f"asset:{asset.id}"])
    assert resume_assets(at=later) == 1
    assert jobs(asset) == ["media.transcode_first"]
    assert resume_assets(at=later) == 0


def test_a_deleted_asset_is_gone_at_once_and_its_objects_soon(asset: models.Asset) -> None:
    for _ in range(2):
        api.delete_asset(asset_id=asset.id, at=now())
    with pytest.raises(NotFoundError):
        api.get_asset(asset.id)
    assert storage.list_keys("sources/")
    for _ in range(2):
        erase_asset(asset_id=asset.id)
    assert storage.list_keys("") == []
    assert not models.Upload.objects.exists()


@pytest.mark.media
def test_deleting_a_film_stops_its_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    film = testing.make_video(
        "-f", "lavfi", "-i", "color=size=320x180:rate=30:duration=90", "-c:v", "libx264", "-preset", "ultrafast"
    )
    asset_id = testing.make_asset(new_id(), film).id
    testing.run_steps(asset_id, 1)
    reports = []

    def delete_then_report(asset: models.Asset, *progress: object) -> None:
        reports.append(progress)
        api.delete_asset(asset_id=asset_id, at=now())
        steps.report_progress(asset, *progress)

    monkeypatch.setattr(transcode_asset, "report_progress", delete_then_report)
    transcode_asset.transcode_first(asset_id=asset_id)
    assert len(reports) == 1
    assert not models.Rendition.objects.filter(asset_id=asset_id).exists()


@pytest.mark.media
def test_a_poster_outlives_the_film_it_is_a_frame_of() -> None:
    ready = testing.make_ready_asset(new_id())
    poster, *_others = ready.poster_candidates
    api.delete_asset(asset_id=ready.id, at=now(), keep_pictures=[poster.id])
    erase_asset(asset_id=ready.id)
    assert api.get_pictures([poster.id])[poster.id] == poster
    kept = {url[1:] for _width, url, _type in poster.sources}
    assert set(storage.list_keys("")) == kept
