"""`footlights keys`: a new key for everything sealed, without downtime; and whether the keyset is the right one.

Owns the order. Ended at any point, what is sealed opens: a key is dropped last, once nothing needs it. Repeat the
command to go on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import click
from django.db import OperationalError, connection, transaction

from footlights.audit.api import Act, record
from footlights.kernel import crypto, keyset
from footlights.kernel.clock import now
from footlights.kernel.errors import FootlightsError
from footlights.kernel.models import SealingKey
from footlights.kernel.reseal import steps

CONTEXT = "sealing-key"
WAIT = timedelta(days=1)  # what was sealed just before a rotation has found its place by then


class WrongKeysetError(FootlightsError):
    code = "wrong_keyset"


class DatabaseAwayError(FootlightsError):
    code = "database_away"


class TooEarlyError(FootlightsError):
    code = "too_early"


def check() -> None:
    """Before anything is served: does the keyset open this database's things? Raises WrongKeysetError.

    The first time it notes the keyset, and each time its keys that are new.
    """
    rows = {row.number: bytes(row.sealed) for row in SealingKey.objects.all()}
    where = keyset.path()
    if rows and not where.exists():
        raise WrongKeysetError(f"{where} is missing, and without it nothing sealed opens. Put its copy back.")
    for number, sealed in rows.items():
        try:
            crypto.unseal(sealed, context=CONTEXT)
        except crypto.SealBrokenError as error:
            raise WrongKeysetError(
                f"{where} is not the keyset of this database: key {number:08x} is not in it. Put the right copy back."
            ) from error
    _note()


def rotate() -> None:
    """Make a new key the primary, then seal everything anew with it. Goes on where an earlier run was ended."""
    with _alone():
        check()
        if len(keyset.key_numbers()) == 1:
            number = keyset.add_key()
            _note()
            with transaction.atomic():
                record(act=Act.KEYS_ROTATED, object_kind="key", object_id=f"{number:08x}", actor_id=None)
            click.echo(f"Key {number:08x} seals from now on.")
        _reseal()
        click.echo("Everything is sealed with it. A day from its beginning, drop the old one: footlights keys retire")
        click.echo(f"Copy {keyset.path()} to a safe place now: it opens what is sealed from today on.")


def retire(*, wait: timedelta = WAIT) -> None:
    """Drop every key but the primary, once nothing is sealed with another. Raises TooEarlyError."""
    with _alone():
        check()
        primary, *old = keyset.key_numbers()
        if not old:
            click.echo("There is only one key.")
            return
        since = SealingKey.objects.get(pk=primary).since
        if now() < since + wait:
            raise TooEarlyError(
                f"Key {primary:08x} is younger than a day. Come back after {since + wait:%d %B %H:%M} UTC."
            )
        _reseal()
        with transaction.atomic():
            SealingKey.objects.filter(pk__in=old).delete()
            for number in old:
                record(act=Act.KEY_RETIRED, object_kind="key", object_id=f"{number:08x}", actor_id=None)
        kept = keyset.drop_old_keys()
        click.echo(f"Only key {primary:08x} is left. Backups of before open with {kept}: keep it with them, not here.")


def _reseal() -> None:
    for name, step in steps():
        click.echo(f"{name}: {step()} sealed anew")


def _note() -> None:
    """A row for each key, sealed by the primary of now: it opens as long as that key is in the keyset."""
    keyset.primitive()
    primary = keyset.key_numbers()[0]
    SealingKey.objects.get_or_create(
        number=primary, defaults={"sealed": crypto.seal(b"footlights", context=CONTEXT), "since": now()}
    )


@contextmanager
def _alone() -> Iterator[None]:
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise DatabaseAwayError("The database does not answer. The embedded one runs with the service.") from error
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(hashtext('footlights.keys'))")
        if not cursor.fetchone()[0]:
            raise TooEarlyError("Another `footlights keys` is at work. Wait for it.")
        try:
            yield
        finally:
            cursor.execute("select pg_advisory_unlock(hashtext('footlights.keys'))")
