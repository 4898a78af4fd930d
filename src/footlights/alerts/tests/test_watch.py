"""From an act in the trail to an alert and the jobs that tell of it: each once, whoever dies meanwhile."""

from datetime import timedelta

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from footlights.accounts.testing import make_person
from footlights.alerts import policies
from footlights.alerts.detectors import of_engine
from footlights.alerts.kinds import Kind
from footlights.alerts.models import AlertRow, CountryRow, HourRow, WatchRow
from footlights.alerts.operations import watch as watching
from footlights.alerts.operations.watch import Watch, release
from footlights.audit.api import NOT_THEIRS, SIGN_IN_LIMITED, Act, Origin, acting, record, tally
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def watch():
    watch = Watch()
    watch.look(at=now())
    return watch


def refuse(number: int, account=None, address="203.0.113.7"):
    for _ in range(number):
        with acting(Origin(address=address)):
            record(act=Act.SESSION_REFUSED, object_kind="person", object_id=account or new_id(), actor_id=None)


def sign_in(person, address):
    with acting(Origin(address=address)):
        record(act=Act.SESSION_STARTED, object_kind="person", object_id=person.pk, actor_id=person.pk)


def alerts() -> list[tuple[str, str]]:
    return list(AlertRow.objects.order_by("opened_at", "id").values_list("kind", "subject"))


def jobs() -> int:
    return ProcrastinateJob.objects.filter(task_name="alerts.deliver", status="todo").count()


def test_an_attack_is_one_alert_that_grows_and_is_told_once(watch, monkeypatch):
    monkeypatch.setattr(policies, "TOLD_AGAIN_S", 0)
    account = str(new_id())
    refuse(15, account)
    assert watch.look(at=now()) == 1
    refuse(30, account)
    assert watch.look(at=now() + timedelta(seconds=20)) == 0
    assert alerts() == [(Kind.ACCOUNT_TRIED, account)]
    assert jobs() == 1
    row = AlertRow.objects.get()
    assert row.last_at > row.opened_at
    assert row.count == 45
    assert row.words.startswith("45 failed sign-ins for one account")
    assert 1 <= len(row.records) <= 20


def test_nothing_is_looked_at_twice(watch):
    refuse(15, "a")
    watch.look(at=now())
    AlertRow.objects.all().delete()
    assert watch.look(at=now()) == 0


def test_who_takes_over_tells_what_was_not_told_and_nothing_again(watch):
    refuse(8, "a")
    watch.look(at=now())
    refuse(8, "a")  # then the process is killed
    assert Watch().look(at=now()) == 1
    assert Watch().look(at=now()) == 0
    assert alerts() == [(Kind.ACCOUNT_TRIED, "a")]


def test_a_look_that_fails_takes_nothing(watch, monkeypatch):
    refuse(15, "a")
    with monkeypatch.context() as broken:
        broken.setattr("footlights.alerts.jobs.deliver.defer", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            watch.look(at=now())
    assert alerts() == []
    assert watch.look(at=now()) == 1


def test_tries_that_were_turned_away_are_told(watch):
    for _ in range(45):
        tally(SIGN_IN_LIMITED, ["account a", "block 203.0.113.0/24"], at=now())
    assert watch.look(at=now()) == 2
    assert {kind for kind, _ in alerts()} == {Kind.ACCOUNT_TRIED, Kind.BLOCK_TRIES}


def test_whoever_tries_to_reach_what_is_not_theirs_is_told(watch):
    for _ in range(45):
        tally(NOT_THEIRS, ["account a", "block 203.0.113.0/24"], at=now())
    assert watch.look(at=now()) == 2
    assert set(alerts()) == {(Kind.PROBING, "a"), (Kind.PROBING, "203.0.113.0/24")}


def test_what_was_quiet_is_over_and_its_next_time_is_a_new_alert(watch):
    refuse(15, "a")
    watch.look(at=now())
    later = now() + policies.QUIET_AFTER + timedelta(minutes=1)
    watch.look(at=later)
    assert AlertRow.objects.get().ended_at == later
    watch.look(at=later, trips=[of_engine("web", "gone", 9)])
    assert len(alerts()) == 2


def test_administrators_from_a_new_country_are_told_and_their_first_is_learned(watch):
    staff, viewer = make_person(is_staff=True), make_person()
    for person in (staff, viewer):
        sign_in(person, "8.8.8.8")
    assert watch.look(at=now()) == 0
    for person in (staff, viewer):
        sign_in(person, "2a00:1450:4001::1")
    assert watch.look(at=now()) == 1
    assert alerts() == [(Kind.NEW_COUNTRY, str(staff.pk))]
    assert AlertRow.objects.get().facts["country"] == "IE"
    assert CountryRow.objects.filter(account=staff.pk).count() == 2


def test_a_new_administrator_is_told_unless_it_is_the_first_run(watch):
    owner, other = make_person(), make_person()
    record(act=Act.PERSON_MADE_ADMINISTRATOR, object_kind="person", object_id=owner.pk, actor_id=owner.pk)
    assert watch.look(at=now()) == 0
    record(act=Act.PERSON_MADE_ADMINISTRATOR, object_kind="person", object_id=other.pk, actor_id=owner.pk)
    record(act=Act.TRAIL_BROKEN, object_kind="trail", actor_id=None)
    assert watch.look(at=now()) == 2


def test_a_destination_that_was_changed_days_ago_is_still_known_to_who_takes_over(watch, monkeypatch):
    monkeypatch.setattr(watching, "REMEMBERED", timedelta(hours=-1))  # older than the widest window
    person, channel = new_id(), new_id()

    def payout(act, **after):
        record(act=act, object_kind="payout", object_id=new_id(), channel_id=channel, person_ids=[person], after=after)

    payout(Act.PAYOUT_DESTINATION_SET, label="NL 1", before="")
    payout(Act.PAYOUT_DESTINATION_SET, label="NL 2", before="NL 1")
    assert watch.look(at=now()) == 0
    later = Watch()
    release()
    payout(Act.PAYOUT_REQUESTED, amount="10.00 EUR")
    assert later.look(at=now()) == 1
    assert alerts() == [(Kind.PAYOUT_REDIRECTED, str(channel))]


def test_a_wrong_code_of_the_second_step_counts_as_a_guess(watch):
    account = new_id()
    for _ in range(15):
        record(act=Act.SECOND_FACTOR_REFUSED, object_kind="person", object_id=account, actor_id=None)
    assert watch.look(at=now()) == 1
    assert alerts() == [(Kind.ACCOUNT_TRIED, str(account))]


def test_one_that_everybody_deletes_and_the_service_clears_up_is_no_alert(watch):
    for _ in range(60):
        record(act=Act.FILE_DELETED, object_kind="file", object_id=new_id(), actor_id=None)
    assert watch.look(at=now()) == 0


def test_the_first_look_learns_the_hours_that_the_trail_tells_of():
    refuse(3)
    Watch().look(at=now())
    assert HourRow.objects.get(series="refused").count == 3
    assert AlertRow.objects.count() == 0


def test_an_hour_that_is_over_is_kept(watch):
    refuse(5)
    watch.look(at=now())
    watch.look(at=now() + timedelta(hours=1))
    assert HourRow.objects.get(series="refused").count == 5


def test_an_idle_look_writes_seldom(watch, django_assert_max_num_queries):
    watch.look(at=now())
    with django_assert_max_num_queries(6) as asked:
        watch.look(at=now())
    assert not any("UPDATE" in each["sql"] and "alerts_watch" in each["sql"] for each in asked.captured_queries)
    assert WatchRow.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_process_looks_at_a_time_and_the_next_takes_over():
    from threading import Thread

    from django.db import connection

    seen = []

    def other():
        seen.append(Watch().look(at=now()))
        connection.close()

    watch = Watch()
    assert watch.look(at=now()) == 0
    for _ in range(2):
        thread = Thread(target=other)
        thread.start()
        thread.join()
        connection.close()  # the first one dies
    assert seen == [None, 0]
