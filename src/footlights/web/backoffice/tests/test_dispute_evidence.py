"""What speaks for us in a dispute: put together by itself, of this sale alone."""

from datetime import timedelta

import pytest

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.monetization.testing import make_sale
from footlights.payments.api import EVIDENCE_LENGTH_MAX
from footlights.payments.testing import make_dispute
from footlights.playback.models import Screen, WatchProgress
from footlights.subscriptions.models import AttemptRow
from footlights.subscriptions.testing import begin, make_plan
from footlights.web.backoffice.dispute_evidence import assemble_evidence

pytestmark = pytest.mark.django_db
MINUTE = 60_000


@pytest.fixture
def channel():
    return make_channel(make_person())


@pytest.fixture
def viewer():
    return make_person("grace@example.org")


def watched(viewer, title, *, minutes: int, device: str = "Chrome on Linux", after=timedelta(0)) -> None:
    at = now() + after
    Screen.objects.create(
        holder=viewer.id,
        viewer_id=viewer.id,
        session_digest=b"x",
        title_id=title.id,
        asset_id=new_id(),
        duration_ms=90 * MINUTE,
        view_at_ms=0,
        credits_at_ms=0,
        device=device,
        started_at=at,
        last_beat_at=at,
        watched_ms=minutes * MINUTE,
    )


def evidence_about(payment_id) -> str:
    return assemble_evidence(make_dispute(payment_id))


def test_what_was_bought_and_watched_of_it_and_nothing_else_is_told(viewer, channel) -> None:
    title, other = make_title(channel, name="Night Train"), make_title(channel, name="Secret Life")
    purchase = make_sale(title, viewer)
    for minutes in (30, 12):
        watched(viewer, title, minutes=minutes)
    watched(viewer, title, minutes=1, device="Safari on iPad")
    watched(viewer, other, minutes=50)
    WatchProgress.objects.create(
        viewer_id=viewer.id, title_id=title.id, position_ms=45 * MINUTE, duration_ms=90 * MINUTE, at=now()
    )
    told = evidence_about(purchase.payment_id)
    for words in ("€4.00", "42 minutes on Chrome on Linux", "1 minute on Safari on iPad", "seen up to 50 %"):
        assert words in told, told
    assert "Secret Life" not in told
    assert "grace@example.org" not in told
    assert str(viewer.id) in told
    assert len(told) <= EVIDENCE_LENGTH_MAX


@pytest.mark.parametrize("mails_arrive", [True, False])
def test_a_document_was_mailed_only_where_mail_leaves_the_house(viewer, channel, settings, mails_arrive) -> None:
    settings.MAILS_ARRIVE = mails_arrive
    told = evidence_about(make_sale(make_title(channel), viewer).payment_id)
    assert "in the" in told.split("Documents")[1]
    assert ("mailed" in told) is mails_arrive


def test_what_is_watched_after_the_bank_was_asked_speaks_for_nobody(viewer, channel) -> None:
    title = make_title(channel)
    purchase = make_sale(title, viewer)
    watched(viewer, title, minutes=30, after=timedelta(hours=1))
    assert "Watched by" not in evidence_about(purchase.payment_id)


def test_a_member_watched_the_channel_and_no_other(viewer, channel) -> None:
    begin(viewer, make_plan(channel))
    watched(viewer, make_title(channel, name="Night Train"), minutes=7)
    watched(viewer, make_title(make_channel(make_person(), handle="other"), name="Elsewhere"), minutes=9)
    told = evidence_about(AttemptRow.objects.get().payment_id)
    assert "Night Train: 7 minutes" in told
    assert "Elsewhere" not in told
