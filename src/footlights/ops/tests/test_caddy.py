import gzip
import json
import subprocess
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar

import httpx
import pytest

from footlights.kernel import environment
from footlights.kernel.errors import FootlightsError
from footlights.ops.engines import caddy
from footlights.ops.engines.caddy import Edge
from footlights.ops.instance import free_port


def adapt(edge: Edge, **changes) -> dict:
    """The configuration as Caddy reads it."""
    filled = caddy.process_environment(replace(environment.load(), **changes), edge)
    done = subprocess.run(
        [caddy.binary(), "adapt", "--config", str(caddy.CONFIG), "--adapter", "caddyfile"],
        env=filled, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_without_a_domain_it_listens_on_localhost_in_the_clear():
    servers = adapt(Edge(port=8765))["apps"]["http"]["servers"]
    assert {address for server in servers.values() for address in server["listen"]} >= {"127.0.0.1:8765"}
    assert "tls" not in adapt(Edge(port=8765))["apps"]


def test_a_domain_gets_certificates_by_itself_and_keeps_them_in_the_data_folder():
    config = adapt(Edge(host="0.0.0.0", port=443, domain="tv.example.com"))
    assert config["storage"]["root"] == str(environment.load().home / "certificates")
    hosts = json.dumps(config["apps"]["http"])
    assert '"tv.example.com"' in hosts
    assert all(server["automatic_https"]["skip"] == ["edge"] for server in of_their_own(config))
    assert "max-age=31536000" in hosts


def of_their_own(config):
    """Servers to which names are given that need no certificate."""
    return [server for server in config["apps"]["http"]["servers"].values() if "automatic_https" in server]


def test_internal_tls_asks_no_public_authority():
    config = adapt(Edge(port=8443, http_port=8080, domain="tv.example.com", tls="internal"))
    assert config["apps"]["tls"]["automation"]["policies"][0]["issuers"] == [{"module": "internal"}]


def test_media_comes_from_the_bucket_when_objects_live_there(monkeypatch):
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    config = json.dumps(adapt(Edge(), storage_url="s3://films"))
    assert "films.s3.eu-central-1.amazonaws.com:443" in config


class Bucket(BaseHTTPRequestHandler):
    """Answers as a bucket does: with types and names of its own, 403 for what it has not, 503 when it is busy."""

    asked: ClassVar[list[dict[str, str]]] = []

    def do_GET(self) -> None:
        self.asked.append({name.lower(): value for name, value in self.headers.items()})
        status = {"/media/a/none.avif": 403, "/media/a/busy.mpd": 503}.get(self.path, 200)
        self.send_response(status)
        for name, value in (
            ("Content-Type", "binary/octet-stream"),
            ("Cache-Control", "private"),
            ("Set-Cookie", "bucket=1"),
            ("X-Amz-Request-Id", "4711"),
            ("Access-Control-Allow-Origin", "https://elsewhere.example"),
            ("ETag", '"e"'),
            ("Content-Length", "4"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"body")

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def running_edge(home, **changes):
    """A real edge with a data folder of its own, as a running service's would lose its sockets; gives its address."""
    edge = Edge(port=free_port())
    installation = replace(environment.load(), home=home, **changes)
    installation.run.mkdir(exist_ok=True, parents=True)
    filled = caddy.process_environment(installation, edge)
    with subprocess.Popen(caddy.command(), env=filled, stderr=subprocess.DEVNULL) as process:
        try:
            yield f"http://127.0.0.1:{edge.port}"
        finally:
            process.terminate()


@pytest.fixture
def edge_of_a_bucket(monkeypatch, tmp_path):
    bucket = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    Thread(target=bucket.serve_forever, daemon=True).start()
    monkeypatch.setenv("FOOTLIGHTS_MEDIA_ORIGIN", f"http://127.0.0.1:{bucket.server_port}")
    Bucket.asked.clear()
    try:
        with running_edge(tmp_path, storage_url="s3://films") as url:
            yield url
    finally:
        bucket.shutdown()
        bucket.server_close()


def fetch(url: str) -> httpx.Response:
    """Patient until the edge listens."""
    asked = {"Cookie": "sessionid=secret", "Authorization": "Bearer secret", "Referer": "https://tv.example.com/@maya"}
    with httpx.Client(transport=httpx.HTTPTransport(retries=8), timeout=20) as client:
        return client.get(url, headers=asked)


def test_what_comes_from_a_bucket_looks_as_from_a_folder_and_the_bucket_learns_nothing_of_the_reader(edge_of_a_bucket):
    poster, manifest = fetch(f"{edge_of_a_bucket}/media/a/640.avif"), fetch(f"{edge_of_a_bucket}/media/a/film.mpd")
    assert (poster.status_code, poster.content) == (200, b"body")
    assert poster.headers.get_list("content-type") == ["image/avif"]
    assert poster.headers.get_list("cache-control") == ["public, max-age=31536000, immutable"]
    assert poster.headers.get_list("access-control-allow-origin") == ["*"]
    assert not {"set-cookie", "x-amz-request-id", "server", "via"} & poster.headers.keys()
    assert manifest.headers.get_list("content-type") == ["application/dash+xml"]
    assert manifest.headers.get_list("cache-control") == ["public, max-age=2"]
    assert len(Bucket.asked) == 2
    assert not any(
        {"cookie", "authorization", "referer", "x-forwarded-for", "x-forwarded-host"} & asked.keys()
        for asked in Bucket.asked
    )


@pytest.mark.parametrize(("path", "status"), [("none.avif", 404), ("busy.mpd", 502)])
def test_what_a_bucket_cannot_give_is_kept_by_nobody(edge_of_a_bucket, path, status):
    answer = fetch(f"{edge_of_a_bucket}/media/a/{path}")
    assert answer.status_code == status
    assert answer.headers.get_list("cache-control") == ["no-store"]


def test_what_may_still_change_is_kept_shortly_and_what_never_does_for_a_year(tmp_path):
    kept = {
        "/media/a/film.mpd": "public, max-age=2",
        "/media/a/film.m3u8": "public, max-age=2",
        "/media/a/640.avif": "public, max-age=31536000, immutable",
        "/static/icon.svg": "public, max-age=3600",
        "/static/build/engine.0123456789ab.js": "public, max-age=31536000, immutable",
        "/media/a/gone.mp4": "no-store",
    }
    for path in list(kept)[:-1]:
        file = tmp_path / path.replace("/media/", "objects/media/").lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("body")
    with running_edge(tmp_path, storage_url=f"file://{tmp_path}/objects") as url:
        assert {path: fetch(url + path).headers["cache-control"] for path in kept} == kept


def test_a_manifest_of_what_is_on_air_is_asked_for_anew_and_comes_compressed(tmp_path):
    folder = tmp_path / "live" / "air"
    folder.mkdir(parents=True)
    (folder / "manifest.mpd").write_text("as it is")
    (folder / "manifest.mpd.gz").write_bytes(gzip.compress(b"made smaller"))
    with running_edge(tmp_path) as url:
        told = fetch(f"{url}/media/live/air/manifest.mpd")
    assert told.text == "made smaller"
    assert told.headers["content-type"] == "application/dash+xml"
    assert told.headers["cache-control"] == "public, max-age=0, s-maxage=1"


def test_a_store_without_a_known_address_asks_for_one():
    with pytest.raises(FootlightsError, match="FOOTLIGHTS_MEDIA_ORIGIN"):
        caddy.process_environment(replace(environment.load(), storage_url="az://films"), Edge())


def test_forwarded_headers_are_believed_from_nobody_unless_said():
    assert adapt(Edge())["apps"]["http"]["servers"]["srv0"]["trusted_proxies"]["ranges"] == [caddy.NOBODY]
    trusting = adapt(Edge(trusted_proxies="10.0.0.0/8"))["apps"]["http"]["servers"]["srv0"]
    assert trusting["trusted_proxies"]["ranges"] == ["10.0.0.0/8"]


@pytest.mark.parametrize(
    ("edge", "url"),
    [
        (Edge(), "http://localhost:8000"),
        (Edge(host="0.0.0.0", port=80), "http://localhost"),
        (Edge(host="192.0.2.7", port=8080), "http://192.0.2.7:8080"),
        (Edge(domain="tv.example.com", port=443), "https://tv.example.com"),
        (Edge(domain="tv.example.com", port=8443), "https://tv.example.com:8443"),
    ],
)
def test_the_site_knows_its_address(edge, url):
    assert edge.site_url == url


@pytest.mark.parametrize(("port", "target"), [(8443, "https://tv.example.com:8443"), (443, "https://tv.example.com")])
def test_plain_http_is_sent_on_to_the_sites_own_address_and_port(port, target):
    servers = adapt(Edge(port=port, http_port=8080, domain="tv.example.com"))["apps"]["http"]["servers"]
    [plain] = [server for server in servers.values() if "127.0.0.1:8080" in server["listen"]]
    assert f'"Location": ["{target}{{http.request.uri}}"]' in json.dumps(plain)
