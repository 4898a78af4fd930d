"""Uploads through the real edge and server: the client everybody uses, lost connections, two writers, a restarted server."""

import hashlib
import http.client
import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from django.conf import settings
from django.test import Client

from footlights.accounts.testing import make_person
from footlights.kernel import storage
from footlights.kernel.clock import now
from footlights.media import api, models
from footlights.media.adapters import sealed
from footlights.ops.engines.web import UPLOADS_AT_ONCE
from footlights.ops.testing import restart_database

pytestmark = [pytest.mark.service]

TOKEN = "a" * 32
PIECE = "application/offset+octet-stream"
CONTENT_TYPES = {
    "an upload": PIECE,
    "a form with a file": "multipart/form-data; boundary=x",
    "a form": "application/x-www-form-urlencoded",
}
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]


class Creator:
    """A signed-in person with a plain HTTP connection, so that it can be broken where it hurts."""

    def __init__(self, url: str) -> None:
        self.person = make_person()
        client = Client()
        client.force_login(self.person)
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        self.address = urlsplit(url).netloc.replace("localhost", "127.0.0.1")

    def start(self, size: int) -> str:
        answer = self.ask("POST", "/uploads/", {"Upload-Length": str(size)})
        assert answer.status == 201
        return urlsplit(answer.headers["Location"]).path

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> Answer:
        with closing(self.connect(method, path, headers or {}, body)) as connection:
            answer = connection.getresponse()
            answer.read()
            return Answer(answer.status, dict(answer.headers))

    def connect(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None = None
    ) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(self.address, timeout=60)
        known = {"Tus-Resumable": "1.0.0", "Cookie": f"{self.cookie}; csrf={TOKEN}", "X-CSRFToken": TOKEN}
        try:
            connection.request(method, path, body, known | headers)
        except OSError:
            connection.close()
            raise
        return connection

    def patch(self, path: str, offset: int, body: bytes) -> Answer:
        return self.ask("PATCH", path, {"Upload-Offset": str(offset), "Content-Type": PIECE}, body)

    def begin(self, path: str, body: bytes, size: int) -> http.client.HTTPConnection:
        """Promise all of the body and send so much of it."""
        headers = {"Upload-Offset": "0", "Content-Type": PIECE, "Content-Length": str(len(body))}
        return self.connect("PATCH", path, headers, body[:size])

    def offset(self, path: str) -> int:
        return int(self.ask("HEAD", path).headers["Upload-Offset"])


def arrived(path: str) -> bytes:
    """What the server kept, in the clear."""
    parts = models.SourcePart.objects.filter(upload_id=path.rsplit("/", 1)[-1]).order_by("offset_bytes")
    return b"".join(sealed.get_part(part.object_key) for part in parts)


def test_the_usual_client_resumes_where_the_server_is(service, tmp_path: Path) -> None:
    creator = Creator(service.url)
    film = tmp_path / "film.mp4"
    film.write_bytes(os.urandom(20 << 20))
    done = subprocess.run(
        ["node", str(ROOT / "tests/faults/upload.mjs"), f"{service.url}/uploads/", str(film), creator.cookie, TOKEN],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    path = urlsplit(done.stdout.strip()).path
    assert hashlib.sha256(arrived(path)).digest() == hashlib.sha256(film.read_bytes()).digest()
    assert api.get_upload(path.rsplit("/", 1)[-1], creator.person.pk).state == "complete"


def test_a_connection_lost_in_the_middle_keeps_what_arrived(service) -> None:
    creator = Creator(service.url)
    body = os.urandom(12 << 20)
    path = creator.start(len(body))
    connection = creator.begin(path, body, 10 << 20)
    connection.close()
    wait_for_offset(creator, path, 8 << 20)
    send_the_rest(creator, path, body)
    assert arrived(path) == body


def test_two_writers_at_once_leave_one_whole_file(service) -> None:
    creator = Creator(service.url)
    body = os.urandom(20 << 20)
    path = creator.start(len(body))

    def write(_: int) -> int:
        try:
            return creator.patch(path, 0, body).status
        except OSError:  # refused while it was still sending
            return 0

    with ThreadPoolExecutor(2) as pool:
        statuses = list(pool.map(write, range(2)))
    assert statuses.count(204) == 1
    assert set(statuses) - {204} <= {0, 409}
    assert creator.patch(path, 0, b"again").status == 409
    assert arrived(path) == body
    assert models.Asset.objects.filter(upload_id=path.rsplit("/", 1)[-1]).count() == 1


def test_a_server_killed_in_the_middle_forgets_at_most_a_part(service) -> None:
    creator = Creator(service.url)
    body = os.urandom(30 << 20)
    path = creator.start(len(body))
    connection = creator.begin(path, body, 20 << 20)
    wait_for_offset(creator, path, 16 << 20)
    for process in psutil.Process(service.process.pid).children(recursive=True):
        if process.name() == "uploads":
            process.kill()
    connection.close()
    at = wait_for_offset(creator, path, 16 << 20)
    assert creator.patch(path, at, body[at:]).status == 204
    assert arrived(path) == body


@pytest.mark.parametrize("what", ["an upload", "a form with a file", "a form"])
def test_many_slow_senders_hold_up_no_page(service, what: str) -> None:
    """As many senders as threads there are, and none of them sends on."""
    headers = {"Content-Length": "100", "Upload-Offset": "0", "Content-Type": CONTENT_TYPES[what]}
    with ExitStack() as stack:
        for number in range(UPLOADS_AT_ONCE):
            if number % settings.MAX_UPLOADS_AT_ONCE == 0:
                creator = Creator(service.url)
            method, path = "POST", "/studio/channels/new"
            if what == "an upload":
                upload = api.start_upload(owner_id=creator.person.pk, filename="film.mp4", size_bytes=100, at=now())
                method, path = "PATCH", f"/uploads/{upload.id}"
            slow = creator.connect(method, path, headers, b"a")
            stack.callback(slow.close)
        assert creator.ask("GET", "/").status == 200
        assert creator.ask("GET", "/library").status == 200


def test_a_database_restarted_in_the_middle_loses_nothing_that_was_kept(service) -> None:
    creator = Creator(service.url)
    body = os.urandom(30 << 20)
    path = creator.start(len(body))
    with closing(creator.begin(path, body, 12 << 20)) as connection:
        kept = wait_for_offset(creator, path, 8 << 20)
        restart_database()
        with suppress(OSError):  # the server may have given up on this request; clients come back
            connection.send(body[12 << 20 : 20 << 20])
    assert wait_for_offset(creator, path, kept) >= kept
    send_the_rest(creator, path, body)
    assert arrived(path) == body
    assert models.Asset.objects.filter(upload_id=path.rsplit("/", 1)[-1]).count() == 1


def test_an_abandoned_upload_frees_its_space(service) -> None:
    creator = Creator(service.url)
    path = creator.start(100)
    assert creator.patch(path, 0, b"x" * 50).status == 204
    upload_id = path.rsplit("/", 1)[-1].replace("-", "")
    assert storage.list_keys(f"sources/{upload_id}/")
    api.expire_uploads(at=now() + timedelta(days=3))
    assert storage.list_keys(f"sources/{upload_id}/") == []
    assert creator.ask("HEAD", path).status == 410


def send_the_rest(creator: Creator, path: str, body: bytes) -> None:
    """As every client does: ask where the server is and go on there, again when that was refused."""
    for _ in range(10):
        at = wait_for_offset(creator, path, 0)
        if at == len(body):
            return
        with suppress(OSError):
            creator.patch(path, at, body[at:])
    raise AssertionError("the server refused it again and again")


def wait_for_offset(creator: Creator, path: str, least: int) -> int:
    """Until the server answers and has kept that much."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        answer = creator.ask("HEAD", path)
        if answer.status == 200 and int(answer.headers["Upload-Offset"]) >= least:
            return int(answer.headers["Upload-Offset"])
        time.sleep(0.2)
    raise AssertionError(f"the server kept less than {least} bytes")
