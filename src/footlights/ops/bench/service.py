"""A service of its own for a measurement, with Django in this process set up on the same database and objects."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django

from footlights.ops.instance import Instance, running


@contextmanager
def service(
    *, verb: str = "up", settings: dict[str, str] | None = None, sets_up_django: bool = True
) -> Iterator[Instance]:
    """One a process: Django is set up once. Seed with the contexts' apis and testing factories."""
    with running(verb=verb, settings=settings) as instance:
        if sets_up_django:
            for name in ("DATABASE_URL", "FOOTLIGHTS_STORAGE_URL"):
                os.environ.pop(name, None)
            os.environ.update(settings or {})
            os.environ["FOOTLIGHTS_HOME"] = str(instance.home)
            os.environ["FOOTLIGHTS_SITE_URL"] = instance.url
            os.environ["DJANGO_SETTINGS_MODULE"] = "footlights.config.settings"
            django.setup()
        try:
            yield instance
        finally:
            if sets_up_django:
                from django.db import connections  # noqa: PLC0415  needs Django to be set up

                connections.close_all()
