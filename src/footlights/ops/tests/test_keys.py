"""A new key takes over while everything goes on opening; a wrong keyset is told before anything is served."""

import base64
import itertools
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from click.testing import CliRunner
from django.db import connection, transaction

from footlights.accounts.adapters import mail, second_factor
from footlights.accounts.jobs import send_mail
from footlights.accounts.testing import SECRET, make_person
from footlights.alerts.api import add_destination
from footlights.alerts.models import DestinationRow
from footlights.alerts.operations.deliver import key_context
from footlights.audit import signing
from footlights.engagement.adapters import trust
from footlights.kernel import crypto, environment, keyset, reseal
from footlights.kernel.clock import now
from footlights.kernel.models import IndexKey
from footlights.media import models
from footlights.media.adapters import sealed
from footlights.media.operations.package_asset import _content_key
from footlights.media.queries import open_key
from footlights.media.testing import make_asset
from footlights.ops import keys
from footlights.ops.cli import main

pytestmark = pytest.mark.django_db
BODY = b"a film" * 1000
MINE = {
    *("keys of films", "uploaded files", "files in work"),
    *("the trail's signing keys", "second steps", "mails that wait", "the secret of the rooms"),
}  # steps for which Kept has something
LETTER = {"subject": "Your code", "body": "BCDF-GHJK", "to": ["maya@example.org"]}


@pytest.fixture(autouse=True)
def keyset_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A keyset of the test's own."""
    file = tmp_path / "secrets" / "keyset.json"
    with monkeypatch.context() as patch:
        patch.setattr(keyset, "path", lambda: file)
        patch.setattr(trust, "path", lambda: file.with_name("rooms.sealed"))
        keyset._path.cache_clear()
        yield file
    keyset._path.cache_clear()


class Death(BaseException):
    """kill -9."""


class Kept:
    """One of everything that is kept sealed."""

    def __init__(self) -> None:
        person = make_person(is_staff=True)
        RecoveryCodes.activate(person)
        asset = make_asset(person.pk, BODY)
        row = models.Asset.objects.get(id=asset.id)
        self.content_key = _content_key(row)
        self.secret = open_key(self.content_key)
        self.part = models.SourcePart.objects.get()
        self.operator = trust.trust().operator.name
        sealed.put_part("work/a/240-x/000000", BODY)
        models.Rendition.objects.create(asset=row, name="240", size_bytes=len(BODY), object_prefix="work/a/240-x")
        self.codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).generate_codes()
        letter = crypto.seal(json.dumps(LETTER).encode(), context=mail.CONTEXT)
        self.job = send_mail.defer(sealed=base64.b64encode(letter).decode())
        with transaction.atomic():
            _, self.public = signing.sign("a statement", at=now())
        url = "https://hooks.example/x"
        added = add_destination(kind="webhook", name="Night shift", url=url, by_id=person.pk, at=now())
        self.destination, self.signing_key = DestinationRow.objects.get(), added[1]

    def opens(self) -> None:
        self.content_key.refresh_from_db()
        assert open_key(self.content_key) == self.secret
        assert sealed.get_part(self.part.object_key) == BODY
        assert sealed.get_part("work/a/240-x/000000") == BODY
        trust._derived.cache_clear()
        assert trust.trust().operator.name == self.operator
        app = Authenticator.objects.get(type="totp")
        assert second_factor.SecondFactorAdapter().decrypt(app.data["secret"]) == SECRET
        assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).generate_codes() == self.codes
        with connection.cursor() as cursor:
            cursor.execute("select args->>'sealed' from procrastinate_jobs where id = %s", [self.job])
            assert mail.unpack(cursor.fetchone()[0]).body == LETTER["body"]
        signing._unseals_to.cache_clear()
        assert signing.is_ours(self.public)
        self.destination.refresh_from_db()
        where = key_context(self.destination.id)
        assert crypto.unseal(bytes(self.destination.sealed_key), context=where).decode() == self.signing_key
        keys.check()


@pytest.fixture
def kept() -> Kept:
    IndexKey.objects.all().delete()  # sealed with the run's keyset
    keys.check()
    return Kept()


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main, ["keys", *arguments])


def test_after_a_rotation_the_old_key_is_needed_by_nothing(kept, keyset_file) -> None:
    [old] = keyset.key_numbers()
    said = run("rotate")
    assert said.exit_code == 0, said.output
    untouched = {line.partition(":")[0] for line in said.output.splitlines() if line.endswith(": 0 sealed anew")}
    assert not untouched & MINE
    new, *rest = keyset.key_numbers()
    assert (rest, new != old) == ([old], True)
    kept.opens()
    keys.retire(wait=timedelta())
    assert keyset.key_numbers() == [new]
    kept.opens()
    assert keyset_file.stat().st_mode & 0o777 == 0o600
    [before] = keyset_file.parent.glob("keyset-before-*.json")
    assert before.stat().st_mode & 0o777 == 0o600


def test_the_old_key_stays_for_a_day(kept) -> None:
    run("rotate")
    said = run("retire")
    assert (said.exit_code, "younger than a day" in said.output) == (1, True)
    kept.opens()


def test_what_a_process_seals_with_the_old_key_meanwhile_is_sealed_anew_before_it_goes(kept) -> None:
    old = crypto.seal(kept.secret, context=f"content-key:{kept.content_key.key_id.hex}")
    run("rotate")
    models.ContentKey.objects.filter(pk=kept.content_key.pk).update(sealed_key=old)  # committed late
    keys.retire(wait=timedelta())
    kept.opens()


def test_ended_at_any_point_nothing_is_lost_and_the_command_goes_on(kept, monkeypatch) -> None:
    for number in itertools.count():
        with monkeypatch.context() as patch:
            dies_at(number, patch)
            try:
                keys.rotate()
                keys.retire(wait=timedelta())
            except Death:
                kept.opens()
            else:
                break
        keys.rotate()
        keys.retire(wait=timedelta())
        assert len(keyset.key_numbers()) == 1
        kept.opens()
    assert number > 12


@pytest.mark.django_db(transaction=True)
def test_a_killed_command_is_started_again_and_goes_on(kept, keyset_file) -> None:
    """`footlights keys rotate` as a process, killed as soon as the new key is there."""
    home = keyset_file.parents[1]
    socket = connection.settings_dict["HOST"]
    place = {
        "FOOTLIGHTS_HOME": str(home),
        "DATABASE_URL": f"postgresql:///{connection.settings_dict['NAME']}?host={socket}&user=footlights",
        "FOOTLIGHTS_STORAGE_URL": environment.load().storage_url,
    }
    command = [sys.executable, "-m", "footlights.ops.cli", "keys", "rotate"]
    with subprocess.Popen(command, env=os.environ | place) as process:
        while len(keyset.key_numbers()) == 1:
            assert process.poll() is None
            time.sleep(0.005)
        process.kill()
    kept.opens()
    subprocess.run(command, env=os.environ | place, check=True, stdout=subprocess.DEVNULL)
    keys.retire(wait=timedelta())
    assert len(keyset.key_numbers()) == 1
    kept.opens()


def dies_at(number: int, patch: pytest.MonkeyPatch) -> None:
    """The process ends before its `number`-th durable step, counted over everything that writes."""
    steps = itertools.count()

    def guarded(plain: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **named: Any) -> Any:
            if next(steps) == number:
                raise Death
            return plain(*args, **named)

        return step

    for owner, name in (
        (keyset, "_replace"),
        (crypto, "reseal"),
        (keys, "_note"),
        (keys, "record"),
        (keyset, "drop_old_keys"),
    ):
        patch.setattr(owner, name, guarded(getattr(owner, name)))


def test_a_lost_keyset_is_told_before_anything_is_served_and_no_other_is_made(kept, keyset_file) -> None:
    keyset_file.unlink()
    with pytest.raises(keys.WrongKeysetError, match="is missing"):
        keys.check()
    assert not keyset_file.exists()


def test_a_keyset_that_is_lost_while_a_process_runs_is_still_the_one_it_seals_with(keyset_file) -> None:
    crypto.seal(b"x", context="c")
    copy = keyset_file.read_bytes()
    keyset_file.unlink()
    sealed = crypto.seal(b"meanwhile", context="c")
    assert not keyset_file.exists()
    keyset_file.write_bytes(copy)
    assert crypto.unseal(sealed, context="c") == b"meanwhile"
    assert crypto.is_current(sealed)


def test_a_wrong_keyset_is_told_in_one_line(kept, keyset_file) -> None:
    keyset_file.write_bytes(keyset._new())
    said = run("rotate")
    assert (said.exit_code, said.output.count("\n")) == (1, 1)
    assert "is not the keyset of this database" in said.output


def test_two_rotations_do_not_run_at_once(kept) -> None:
    with psycopg.connect(**_parameters()) as other:
        other.execute("select pg_advisory_lock(hashtext('footlights.keys'))")
        assert "is at work" in run("rotate").output


def _parameters() -> dict[str, Any]:
    settings = connection.settings_dict
    return {"dbname": settings["NAME"], "host": settings["HOST"], "user": settings["USER"]}


def test_a_signing_key_is_sealed_anew_and_never_changed(kept) -> None:
    with pytest.raises(Exception, match="only sealed anew"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update audit_signing_key set made_at = now()")


def test_whatever_is_sealed_says_how_it_is_sealed_anew() -> None:
    """A context that seals has a resealing.py, or the reason here why it needs none."""
    source = Path(keys.__file__).parents[1]
    fleeting = {"web", "ops"}  # a form that waits half an hour; doctor's own token
    sealing = {
        path.relative_to(source).parts[0]
        for path in source.rglob("*.py")
        if "tests" not in path.parts and re.search(r"crypto\.seal|= SealedTextField\(", path.read_text())
    }
    assert sealing - fleeting == {path.parent.name for path in source.glob("*/resealing.py")}
    assert reseal._steps
