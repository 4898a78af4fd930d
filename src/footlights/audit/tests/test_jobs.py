"""What the trail does by itself."""

import pytest

from footlights.audit import jobs
from footlights.audit.api import Act, find_last_checkpoint, record
from footlights.audit.testing import alter, recorded
from footlights.kernel.testing import run_jobs

pytestmark = pytest.mark.django_db


def test_the_clock_signs_mends_months_and_looks_the_trail_over(mailoutbox, settings):
    settings.AUDIT_MAIL = "notary@example.org"
    record(act=Act.TITLE_CREATED)
    for job in (jobs.sign_trail, jobs.keep_months, jobs.look_over_trail, jobs.mail_anchor):
        job.defer(timestamp=0)
    run_jobs()
    checkpoint = find_last_checkpoint()
    assert checkpoint
    assert checkpoint.number == 1
    assert len(mailoutbox) == 1
    alter("delete from audit_record")
    jobs.look_over_trail.func(timestamp=0)
    assert len(recorded(Act.TRAIL_BROKEN)) == 1
