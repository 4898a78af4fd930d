"""Looks for what opens something where it must not be: every line of the log, every row of every table."""

import base64
import json
from collections.abc import Iterable

import psycopg
from psycopg import sql

from footlights.ops.instance import Instance

# Where Django keeps sessions, by their key. Whoever reads these tables can also read the rest.
OWN_TABLES = {"django_session", "usersessions_usersession"}


def written_forms(secret: bytes) -> set[str]:
    """How bytes may be written: as they are, in hex, in base64 of both alphabets."""
    forms = {
        secret.hex(),
        base64.b64encode(secret).decode().rstrip("="),
        base64.urlsafe_b64encode(secret).decode().rstrip("="),
    }
    return forms | ({secret.decode()} if secret.isascii() and secret.decode().isprintable() else set())


def find_in_log(service: Instance, secrets: Iterable[str]) -> list[str]:
    return [line for line in service.log.splitlines() if any(secret in line for secret in secrets)]


def find_in_tables(service: Instance, secrets: Iterable[str]) -> list[str]:
    found = []
    wanted = [f"%{secret}%" for secret in secrets]
    with psycopg.connect(dbname="footlights", host=service.home / "run", user="footlights") as database:
        names = database.execute(
            "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
        )
        for (name,) in names.fetchall():
            if name in OWN_TABLES:
                continue
            find = sql.SQL("select t::text from {} t where t::text like any(%s)").format(sql.Identifier(name))
            rows = database.execute(find, [wanted]).fetchall()
            found += [f"{name}: {row[:200]}" for (row,) in rows]
    return found


def events(service: Instance) -> list[dict[str, object]]:
    """Every line, each of which is one JSON object."""
    return [json.loads(line) for line in service.log.splitlines()]
