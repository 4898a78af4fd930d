"""The AppConfig every context derives from: imports its handlers and jobs, so that nobody forgets one."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class ContextConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for module in ("handlers", "jobs"):
            if find_spec(f"{self.name}.{module}"):
                import_module(f"{self.name}.{module}")
