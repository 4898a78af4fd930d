"""The AppConfig every context derives from: imports its handlers, jobs and resealing, so that nobody forgets one."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class ContextConfig(AppConfig):
    default = False  # Django takes the one config it finds in an apps.py; this base is not it, what derives from it is
    default_auto_field = "django.db.models.BigAutoField"

    def __init_subclass__(cls) -> None:
        cls.default = True

    def ready(self) -> None:
        for module in ("handlers", "jobs", "resealing"):
            if find_spec(f"{self.name}.{module}"):
                import_module(f"{self.name}.{module}")
