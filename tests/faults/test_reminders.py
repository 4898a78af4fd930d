"""Before every single statement of sending reminders the process is killed: everybody gets theirs, once."""

import os
import signal
import sys
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from footlights.accounts.adapters.mail import unpack
from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel
from footlights.kernel.clock import now
from footlights.live.api import ask_for_reminder
from footlights.live.events import RemindersDue
from footlights.live.models import BroadcastRow
from footlights.live.testing import make_broadcast
from footlights.web.live.reminding import remind

pytestmark = pytest.mark.django_db(transaction=True)
STATEMENTS_MAX = 60


def is_killed_before(statement: int, event: RemindersDue) -> bool:
    """Remind in a child process that kills itself before its n-th SQL statement. False: it was through before."""
    connection.close()
    child = os.fork()
    if child == 0:
        left = statement

        def count(execute, sql, params, many, context):
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(count):
                remind(event)
            os._exit(0)
        except BaseException as error:  # noqa: BLE001  a child must not come back into pytest
            sys.stderr.write(f"{error!r}\n")
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "reminding itself failed"
    return os.WIFSIGNALED(status)


def test_whoever_asked_is_reminded_once_wherever_the_process_is_killed(settings, monkeypatch):
    settings.EMAIL_BACKEND = "footlights.accounts.adapters.mail.QueuedMail"
    monkeypatch.setattr("footlights.live.operations.remind.AT_ONCE", 2)
    channel, at = make_channel(make_person()), now()
    show = make_broadcast(channel, starts_at=at + timedelta(days=1))
    people = [make_person() for _ in range(5)]
    for person in people:
        ask_for_reminder(broadcast_id=show.id, person_id=person.pk, at=at)
    BroadcastRow.objects.filter(pk=show.id).update(starts_at=at + timedelta(minutes=20))
    for statement in range(1, STATEMENTS_MAX):
        if not is_killed_before(statement, RemindersDue(show.id, at)):
            break
    else:
        pytest.fail("it never came through")
    assert statement > 1
    mails = [unpack(job.args["sealed"]) for job in ProcrastinateJob.objects.filter(task_name="accounts.send_mail")]
    assert Counter(address for each in mails for address in each.to) == Counter(each.email for each in people)
