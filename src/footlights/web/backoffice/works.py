"""The works: which parts the service stands on, how each is, how to mend what is not; and how the service is set."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from footlights.accounts.api import get_installation
from footlights.alerts.api import Check, CheckLevel, list_checks
from footlights.kernel import job_board
from footlights.kernel.clock import now

LATE_AFTER = timedelta(minutes=5)  # a worker looks every two
WHAT_FOR = {
    "Data folder": gettext_lazy("Disk: everything the service keeps lies here"),
    "User": gettext_lazy("Who the service runs as"),
    "Secrets": gettext_lazy("Keys that open what is sealed"),
    "Caddy": gettext_lazy("Edge: hands out pages and films"),
    "ffmpeg": gettext_lazy("Converts films"),
    "Shaka Packager": gettext_lazy("Encrypts films"),
    "Objects": gettext_lazy("Where films and pictures lie"),
    "Edge": gettext_lazy("The way in: the service as a visitor reaches it"),
    "PostgreSQL": gettext_lazy("Database: people, titles, money"),
    "Migrations": gettext_lazy("Whether the database is of this version"),
    "Clock": gettext_lazy("Whether this machine's time is right"),
    "Worker": gettext_lazy("Does what takes a while: films, mails, payments"),
    "Jobs": gettext_lazy("Queues: what waits to be done"),
    "Keys": gettext_lazy("Whether films can be played"),
    "Mail": gettext_lazy("Letters to people"),
    "Payments": gettext_lazy("Who takes the money"),
}


@dataclass(frozen=True, slots=True)
class Machine:
    name: str
    looked_at: datetime
    is_late: bool
    parts: list[tuple[Check, str]]


@require_GET
def works(request: HttpRequest) -> HttpResponse:
    at, checks = now(), list_checks()
    machines = [_machine(name, checks, at) for name in dict.fromkeys(each.machine for each in checks)]
    context = {
        "section": "jobs",
        "machines": machines,
        "wrong": sum(each.level is CheckLevel.WRONG for each in checks),
        "is_late": not machines or all(machine.is_late for machine in machines),
        "health": job_board.job_health(at),
        "settings_told": _settings(),
    }
    return render(request, "backoffice/works.html", context)


def _machine(name: str, checks: list[Check], at: datetime) -> Machine:
    own = [each for each in checks if each.machine == name]
    looked_at = max(each.looked_at for each in own)
    parts = [(each, str(WHAT_FOR.get(each.what, ""))) for each in own]
    return Machine(name, looked_at, at - looked_at > LATE_AFTER, parts)


def _settings() -> list[tuple[str, str, str]]:
    """Label, value without what opens anything, and the variable it is set by; none for what the backoffice changes."""
    environment, installation = settings.ENVIRONMENT, get_installation()
    own_database = str(environment.run) in environment.database_url
    second = _("required of who minds others' data or money") if settings.SECOND_FACTOR_REQUIRED else _("optional")
    return [
        (_("Name"), installation.name, ""),
        (_("Currency that is proposed"), installation.currency, ""),
        (_("Address"), environment.site_url, "FOOTLIGHTS_SITE_URL"),
        (_("Database"), _("its own") if own_database else _host(environment.database_url), "DATABASE_URL"),
        (_("Films and pictures"), _host(environment.storage_url), "FOOTLIGHTS_STORAGE_URL"),
        (_("Mail"), _host(environment.mail_url) if environment.mail_url else _("none"), "FOOTLIGHTS_MAIL_URL"),
        (_("Second step"), second, "FOOTLIGHTS_SECOND_FACTOR"),
    ]


def _host(address: str) -> str:
    """Of an address only what it names: no user, no password, no questions."""
    parts = urlsplit(address)
    return parts.path if parts.scheme == "file" else f"{parts.hostname or ''}{parts.path}"
