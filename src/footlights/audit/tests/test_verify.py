"""Whatever somebody with full power over the database alters, the trail tells, and names it."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from footlights.audit.api import Act, TrailBrokenError, anchor_text, make_checkpoint, record, verify
from footlights.audit.models import CheckpointRow, HeadRow, RecordRow, SigningKeyRow
from footlights.audit.operations.make_checkpoint import ANCHORS
from footlights.audit.operations.retire_months import ensure_months, retire_months
from footlights.audit.operations.watch_over import look_over, mail_anchor
from footlights.audit.policies import first_kept_month, floor_id, month_after
from footlights.audit.signing import sign
from footlights.audit.testing import alter, recorded
from footlights.kernel import storage
from footlights.kernel.clock import now
from footlights.kernel.testing import run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def trail():
    """Five records, then a checkpoint with its copy, then two more."""
    for number in range(5):
        record(act=Act.PRICE_CHANGED, object_kind="title", object_id=number, after={"price": None, "n": number})
    make_checkpoint(at=now())
    run_jobs()
    for number in range(5, 7):
        record(act=Act.TITLE_CHANGED, object_kind="title", object_id=number)


def kinds(**options) -> list[str]:
    return [finding.kind for finding in verify(**options).findings]


def row(number: int) -> RecordRow:
    return RecordRow.objects.get(object_id=str(number))


def rewrite_from(number: int) -> None:
    """What a clever forger does: make every hash fit again, and the head too."""
    rows = list(RecordRow.objects.order_by("position"))
    with connection.cursor() as cursor:
        for each in rows:
            if int(each.object_id) >= number:
                cursor.execute("set local session_replication_role = replica")
                cursor.execute(
                    "update audit_record r set hash = sha256(coalesce((select b.hash from audit_record b where"
                    " b.chain = r.chain and b.position = r.position - 1), ''::bytea)"
                    " || convert_to(audit_canonical(r), 'UTF8')) where id = %s",
                    [each.id],
                )
        cursor.execute(
            "update audit_head h set hash = (select hash from audit_record r where r.chain = h.chain"
            " order by position desc limit 1)"
        )
        cursor.execute("set local session_replication_role = origin")


def test_an_untouched_trail_holds():
    report = verify()
    assert report.findings == ()
    assert (report.records, report.unsigned, report.checkpoints, report.anchors) == (7, 2, 1, 1)


@pytest.mark.parametrize(
    "change",
    [
        "act = 'title.deleted'", "after = '{\"price\": null, \"n\": 99}'", "after = '{\"n\": 3}'", "actor_id = gen_random_uuid()",
        "address = '192.0.2.1'", "object_kind = 'channel'", "person_ids = array[gen_random_uuid()]", "channel_id = id",
    ],
)  # fmt: skip
def test_an_edited_record_is_found_and_named(change):
    alter(f"update audit_record set {change} where object_id = '3'")  # noqa: S608  ours
    [finding] = verify().findings
    assert finding.kind == "edited"
    assert str(row(3).id) in finding.words


def test_an_edited_record_is_found_before_anything_is_signed():
    alter("update audit_record set act = 'title.deleted' where object_id = '6'")
    [finding] = verify().findings
    assert str(row(6).id) in finding.words


def test_a_deleted_record_is_found_and_its_place_named():
    gone = row(3)
    alter("delete from audit_record where object_id = '3'")
    [finding] = verify().findings
    assert finding.kind == "deleted"
    assert f"Record {gone.position} " in finding.words
    assert str(row(4).id) in finding.words


def test_an_added_record_is_found():
    alter(
        "insert into audit_record (act, object_kind, object_id, person_ids, chain, position, hash)"
        " select 'title.deleted', '', 'added', '{}', chain, position, hash from audit_record where object_id = '3'"
    )
    assert kinds() == ["added"]


def test_a_removed_tail_is_found_by_the_head():
    alter("delete from audit_record where object_id in ('5', '6')")
    [finding] = verify().findings
    assert (finding.kind, finding.words[:7]) == ("tail removed", "Records")


def test_a_removed_tail_is_found_by_the_checkpoint_when_the_head_was_set_back_too():
    alter("delete from audit_record where object_id::int >= 3")
    alter("update audit_head h set (position, hash) = (select position, hash from audit_record where object_id = '2')")
    [finding] = verify().findings
    assert finding.kind == "tail removed"
    assert "checkpoint 1 signed" in finding.words


def test_a_removed_tail_is_found_by_the_copy_when_its_checkpoint_was_removed_too():
    alter("delete from audit_record where object_id::int >= 3")
    alter("update audit_head h set (position, hash) = (select position, hash from audit_record where object_id = '2')")
    alter("delete from audit_checkpoint")
    assert kinds() == ["checkpoint removed", "tail removed"]


def test_a_copy_kept_anywhere_else_proves_the_same():
    text = anchor_text(CheckpointRow.objects.get().to_record())
    alter("delete from audit_record")
    alter("delete from audit_head")
    alter("delete from audit_checkpoint")
    storage.delete_prefix(ANCHORS)
    assert kinds() == []
    assert kinds(anchors=[f"Dear administrator,\n\n{text}\n"]) == ["checkpoint removed", "tail removed"]


def test_a_history_written_anew_with_fitting_hashes_is_not_what_was_signed():
    alter("update audit_record set act = 'title.deleted' where object_id = '3'")
    rewrite_from(3)
    [finding] = verify().findings
    assert finding.kind == "edited"
    assert "checkpoint 1 signed" in finding.words


def test_a_checkpoint_with_another_statement_is_forged():
    alter("update audit_checkpoint set statement = replace(statement, '\"heads\"', '\"other\"')")
    assert kinds() == ["forged checkpoint"]


def test_a_checkpoint_of_a_key_that_was_slipped_in_is_forged():
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw().hex()
    statement = CheckpointRow.objects.get().statement
    SigningKeyRow.objects.create(public=public, sealed=b"looks sealed", made_at=now())
    alter("update audit_checkpoint set signature = %s, key = %s", [key.sign(statement.encode()), public])
    [finding] = verify().findings
    assert "Checkpoint 1 is forged" in finding.words


def test_a_checkpoint_put_in_the_place_of_another_is_forged():
    second = make_checkpoint(at=now())
    alter("delete from audit_checkpoint where number = 1")
    alter("update audit_checkpoint set number = 1 where number = 2")
    assert second
    assert "forged checkpoint" in kinds()


def test_a_checkpoint_signed_again_differs_from_its_copy():
    statement = CheckpointRow.objects.get().statement.replace('"format":1', '"format":1,"x":1')
    signature, _ = sign(statement, at=now())
    alter("update audit_checkpoint set statement = %s, signature = %s", [statement, signature])
    assert kinds() == ["forged checkpoint"]


def test_a_removed_checkpoint_is_found():
    make_checkpoint(at=now())
    run_jobs()
    alter("delete from audit_checkpoint where number = 1")
    assert kinds() == ["checkpoint removed"]


def test_a_copy_that_nobody_signed_is_found():
    storage.put(f"{ANCHORS}{2:012d}.json", b'{"statement": "{}"}')
    assert kinds() == ["forged copy"]
    assert kinds(anchors=["no checkpoint at all"]) == ["forged copy", "forged copy"]


def test_nothing_is_signed_twice():
    assert make_checkpoint(at=now())
    assert make_checkpoint(at=now()) is None


def test_a_checkpoint_names_only_what_moved_and_follows_from_the_one_before():
    second = make_checkpoint(at=now())
    assert second
    said = json.loads(second.statement)
    head = HeadRow.objects.get()
    assert said["heads"] == {str(head.chain): [head.position, bytes(head.hash).hex()]}
    assert (said["number"], len(said["previous"])) == (2, 64)


def test_what_is_altered_gets_into_the_trail_itself(caplog):
    assert look_over().holds
    assert recorded(Act.TRAIL_BROKEN) == []
    alter("delete from audit_record where object_id = '3'")
    assert not look_over().holds
    [told] = recorded(Act.TRAIL_BROKEN)
    assert "deleted" in told.after["findings"][0]
    assert "was altered" in caplog.text


def test_the_latest_checkpoint_goes_out_by_mail_and_proves_what_it_signed(settings, mailoutbox):
    assert not mail_anchor(at=now())
    settings.AUDIT_MAIL = "notary@example.org"
    assert mail_anchor(at=now())
    [mail] = mailoutbox
    assert mail.to == ["notary@example.org"]
    alter("delete from audit_record where object_id = '6'")
    assert kinds(anchors=[mail.body]) == ["tail removed"]


def old_record(month: date, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select audit_ensure_month(%s)", [month])
        at = now().replace(year=month.year, month=month.month, day=15)
        cursor.execute(
            "insert into audit_record (id, act, object_kind, object_id, person_ids)"
            " values (%s, 'title.created', 'title', %s, '{}')",
            [floor_id(at), name],
        )


def test_old_months_are_dropped_by_the_rules_and_the_rest_still_holds():
    today = now().date().replace(day=1)
    old, older = month_after(today, -3), month_after(today, -4)
    for number, month in enumerate([old, older, old, month_after(today, -2)], 100):
        old_record(month, str(number))
    assert retire_months(months_kept=2, at=now()) == [older, old]
    assert not RecordRow.objects.filter(object_id__in=["100", "101", "102"]).exists()
    assert RecordRow.objects.filter(object_id="103").exists()
    assert verify().findings == ()
    assert [told.object_id for told in recorded(Act.TRAIL_RETIRED)] == [f"{older:%Y-%m}", f"{old:%Y-%m}"]
    assert retire_months(months_kept=2, at=now()) == []
    alter("delete from audit_record where object_id = '103'")
    assert kinds() == ["deleted"]


def test_a_trail_that_was_altered_is_not_dropped():
    old_record(month_after(now().date().replace(day=1), -3), "100")
    alter("delete from audit_record where object_id = '3'")
    with pytest.raises(TrailBrokenError):
        retire_months(months_kept=2, at=now())
    assert RecordRow.objects.filter(object_id="100").exists()


def test_a_month_somebody_dropped_by_hand_is_missed():
    old_record(month_after(now().date().replace(day=1), -3), "100")
    make_checkpoint(at=now())
    alter("delete from audit_record where object_id = '100'")
    assert kinds() == ["tail removed"]


def test_nothing_is_dropped_when_all_is_to_be_kept():
    old_record(month_after(now().date().replace(day=1), -3), "100")
    assert retire_months(months_kept=0, at=now()) == []
    assert first_kept_month(date(2026, 1, 31), 12) == date(2025, 1, 1)


def test_a_month_nobody_made_ahead_is_made_when_it_is_needed(monkeypatch):
    later = now() + timedelta(days=400)
    ensure_months(at=later)
    ensure_months(at=later)
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass(%s) is not null", [f"audit_record_{later:%Y_%m}"])
        assert cursor.fetchone() == (True,)
        cursor.execute(f"drop table audit_record_{now():%Y_%m}")
    with transaction.atomic():
        from footlights.kernel.shared import forget_everything

        forget_everything()
        record(act=Act.TITLE_CREATED, object_id="again")
    assert recorded()[-1].object_id == "again"
