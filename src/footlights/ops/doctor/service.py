"""Checks of what lives in the database: reachability, migrations, worker, jobs, keys, clock, mail."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from footlights.catalog import api as catalog
from footlights.kernel import crypto, keyset
from footlights.kernel.clock import now
from footlights.kernel.environment import Environment
from footlights.kernel.errors import FootlightsError
from footlights.kernel.ids import new_token
from footlights.media import api as media
from footlights.ops.doctor.finding import Finding, good, note, wrong
from footlights.payments import api as payments

SMTP = "django.core.mail.backends.smtp.EmailBackend"  # what mails are sent by in the end; the settings' only queues
OLDEST_POSTGRES = 150_000
HEARTBEAT_WITHIN = timedelta(seconds=40)
BACKLOG_AFTER = timedelta(minutes=5)
SKEW_LIMIT = timedelta(seconds=2)
LOOKED_AT = 20


def check_database(installation: Environment) -> Iterator[Finding]:
    """Everything the database knows; one finding when it does not answer."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        mend = "Check DATABASE_URL and that PostgreSQL runs"
        if str(installation.run) in installation.database_url:
            mend = "The embedded one runs with the service: footlights up"
        yield wrong("PostgreSQL", reason, mend)
        return
    for check in (_version, _migrations, _clock, _worker, _jobs, _keys):
        try:
            yield from check()
        except DatabaseError as error:
            yield wrong(
                "PostgreSQL", str(error).strip().splitlines()[0], "Bring it to this version: footlights install"
            )
            return


def check_mail(_installation: Environment) -> Iterator[Finding]:
    if not settings.MAILS_ARRIVE:
        yield note(
            "Mail", f"goes to {settings.EMAIL_FILE_PATH}", "Set FOOTLIGHTS_MAIL_URL=smtp://user:password@host:587"
        )
        return
    try:
        server = get_connection(SMTP, timeout=10)
        server.open()
        server.close()
        yield good("Mail", f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} lets us in")
    except OSError as error:
        yield wrong("Mail", f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}: {error}", "Check FOOTLIGHTS_MAIL_URL")


def check_payments(_installation: Environment) -> Iterator[Finding]:
    """The sandbox takes anybody's test card: right for trying, wrong for a shop."""
    if not payments.is_sandbox():
        yield _gateway()
    elif settings.IS_LOCAL:
        yield note("Payments", "tests only: no money moves")
    elif payments.can_be_paid():
        mend = "Unset FOOTLIGHTS_SANDBOX_SALES before real people come"
        yield wrong("Payments", f"at {settings.SITE_URL} anybody gets any film for a test card; no money moves", mend)
    else:
        mend = "Offer films free for now; to try buying here, set FOOTLIGHTS_SANDBOX_SALES=1 for that long"
        yield note("Payments", f"closed: no real payment service, and {settings.SITE_URL} is public", mend)


def _gateway() -> Finding:
    name = settings.PAYMENT_GATEWAY
    try:
        lacks = payments.list_lacks()
    except payments.GatewayUnreachableError as error:
        return wrong("Payments", str(error), f"Check our keys (docs/howto/{name}.md) and that this machine reaches it")
    if lacks:
        mend = f"Give our app these permissions at {name}, or ask {name} for them: docs/howto/{name}.md"
        return wrong("Payments", f"{name} does not let us use: {', '.join(lacks)}", mend)
    return good("Payments", f"taken by {name}")


def _version() -> Iterator[Finding]:
    number = int(_value("select current_setting('server_version_num')"))
    extensions = _value("select string_agg(extname, ', ' order by extname) from pg_extension")
    seen = f"{_value('show server_version')} with {extensions}"
    if number < OLDEST_POSTGRES:
        yield wrong("PostgreSQL", seen, "Use PostgreSQL 15 or newer")
    else:
        yield good("PostgreSQL", seen)


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        yield wrong("Migrations", f"{len(missing)} are missing", "footlights install")
    else:
        yield good("Migrations", "all there")


def _clock() -> Iterator[Finding]:
    skew = abs(datetime.now(UTC) - _value("select clock_timestamp()"))
    if skew > SKEW_LIMIT:
        yield wrong("Clock", f"{skew.total_seconds():.1f} s off the database's", "Keep time by NTP on every machine")
    else:
        yield good("Clock", "agrees with the database's")


def _worker() -> Iterator[Finding]:
    alive = _value("select count(*) from procrastinate_workers where last_heartbeat > %s", now() - HEARTBEAT_WITHIN)
    if alive:
        yield good("Worker", f"{alive} queues have a heart that beats")
    else:
        yield wrong(
            "Worker", "none has been heard", "Start one: footlights crew worker (footlights up runs one by itself)"
        )


def _jobs() -> Iterator[Finding]:
    late = "status = 'todo' and coalesce(scheduled_at, %s) <= %s and queue_name not like 'media%%'"
    waiting = _value(f"select count(*) from procrastinate_jobs where {late}", now(), now() - BACKLOG_AFTER)  # noqa: S608  our words
    failed = _value("select count(*) from procrastinate_jobs where status = 'failed'")
    if waiting:
        yield wrong("Jobs", f"{waiting} have waited over {BACKLOG_AFTER}", "Run more workers: footlights crew worker")
    elif failed:
        yield note("Jobs", f"{failed} have failed for good", "Look at them and retry under Backoffice → Jobs")
    else:
        yield good("Jobs", "none waits, none has failed")


def _keys() -> Iterator[Finding]:
    """The keyset opens what it seals, and the content keys of films that are there."""
    if not keyset.path().exists():
        lost = "the file is gone; processes that run still know it, and none could be started again"
        yield wrong("Keys", lost, f"Put the copy back at once, before anything is stopped: {keyset.path()}")
        return
    mend = "Put back the keyset these films were made with (secrets/keyset.json); without it they cannot be played"
    try:
        token = new_token()
        if crypto.unseal(crypto.seal(token.encode(), context="doctor"), context="doctor").decode() != token:
            yield wrong("Keys", "the keyset does not open what it seals", mend)
            return
        opened = 0
        for card in catalog.list_cards(row="newest", limit=LOOKED_AT, at=now()):
            asset_id = catalog.get_title(card.id).asset_id
            opened += len(media.content_keys(asset_id)) if asset_id else 0
    except FootlightsError as error:
        yield wrong("Keys", str(error), mend)
        return
    yield good("Keys", f"the keyset is whole and opened {opened} keys of films" if opened else "the keyset is whole")


def _value(statement: str, *parameters: datetime) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
    return row[0] if row else None


CHECKS = (check_database, check_mail, check_payments)
