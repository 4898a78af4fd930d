"""Brings database and static files to this version's state: what must be true before the service serves."""

import hashlib
import os
from pathlib import Path

import django

from footlights.kernel.environment import Environment

STATIC_SOURCE = Path(__file__).parents[1] / "web" / "static"


def run(environment: Environment) -> None:
    """See that the keyset is the right one, migrate, then collect static files if they changed.

    Safe to repeat; two at once wait for each other.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "footlights.config.settings")
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415  needs Django to be set up
    from django.db import connection  # noqa: PLC0415  as above

    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(hashtext('footlights.migrate'))")
    from footlights.kernel.models import SealingKey  # noqa: PLC0415  as above
    from footlights.ops import keys  # noqa: PLC0415  as above
    from footlights.ops.engines import nats  # noqa: PLC0415  as above

    if SealingKey._meta.db_table in connection.introspection.table_names():  # noqa: SLF001  Django's documented meta
        keys.check()  # a migration may seal something
    call_command("migrate", verbosity=0, interactive=False)
    keys.check()
    nats.write_config(environment)
    environment.objects.mkdir(parents=True, exist_ok=True)
    environment.scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
    stamp = environment.home / "static" / ".version"
    version = _fingerprint(STATIC_SOURCE)
    if not stamp.exists() or stamp.read_text() != version:
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(version)
    connection.close()


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256(django.get_version().encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            state = path.stat()
            digest.update(f"{path.relative_to(folder)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
