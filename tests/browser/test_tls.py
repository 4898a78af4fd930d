"""TLS of our own authority (`--tls internal`): a client that trusts the authority is served, any other refuses us."""

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Error

from footlights.ingest.api import Seal
from footlights.kernel import environment
from footlights.ops.engines import caddy
from footlights.ops.engines.caddy import Edge
from footlights.ops.instance import free_port
from footlights.ops.processes import child_options

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Local:
    port: int
    authority: Path


@pytest.fixture(scope="module")
def edge(tmp_path_factory) -> Iterator[Local]:
    """The edge alone, on localhost, with certificates of our own; no web process answers behind it."""
    home = tmp_path_factory.mktemp("edge")
    local = Local(free_port(), home / "certificates/pki/authorities/local/root.crt")
    installation = replace(environment.load(), home=home)
    installation.run.mkdir()
    filled = caddy.process_environment(
        installation,
        Edge(port=local.port, http_port=free_port(), domain="localhost", tls="internal"),
    )
    with subprocess.Popen(caddy.command(), env=filled, stderr=subprocess.DEVNULL, **child_options()) as process:
        deadline = time.monotonic() + 30
        while not (local.authority.exists() and _shakes_hands(local, _trusting(local))):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield local
        process.terminate()


def _trusting(edge: Local) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=edge.authority)


def _shakes_hands(edge: Local, context: ssl.SSLContext) -> str | None:
    try:
        with (
            socket.create_connection(("127.0.0.1", edge.port)) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as channel,
        ):
            return channel.version()
    except OSError:
        return None


def test_only_who_trusts_the_authority_is_content_and_the_newest_protocol_is_spoken(edge):
    assert _shakes_hands(edge, _trusting(edge)) == "TLSv1.3"
    assert _shakes_hands(edge, ssl.create_default_context()) is None


def test_the_ingest_finds_the_certificate_where_the_edge_keeps_it(edge):
    seal = Seal(edge.authority.parents[3], "localhost", 0)
    assert seal.read()
    assert not Seal(edge.authority.parents[3], "elsewhere", 0).read()


@pytest.mark.parametrize("cipher", ["AES128-SHA", "AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-SHA256"])
def test_ciphers_without_forward_secrecy_or_of_old_modes_are_refused(edge, cipher):
    context = _trusting(edge)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    assert _shakes_hands(edge, context) == "TLSv1.2"
    context.set_ciphers(f"{cipher}:@SECLEVEL=0")
    assert _shakes_hands(edge, context) is None


def test_a_browser_that_trusts_the_authority_opens_the_page_and_another_refuses(edge, browser, tmp_path):
    address = f"https://localhost:{edge.port}/"
    page = browser.new_page()
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        page.goto(address)
    page.close()
    certutil = shutil.which("certutil")
    if certutil is None:
        pytest.skip("certutil (libnss3-tools) is needed to let a browser trust an authority")
    store = tmp_path / ".pki/nssdb"
    store.mkdir(parents=True)
    database = ["-d", f"sql:{store}"]
    subprocess.run([certutil, "-N", *database, "--empty-password"], check=True)
    subprocess.run([certutil, "-A", *database, "-t", "C,,", "-n", "ours", "-i", str(edge.authority)], check=True)
    kind = browser.browser_type
    program = shutil.which("chromium") or shutil.which("google-chrome")
    trusting = kind.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"], env={"HOME": str(tmp_path)})
    try:
        page = trusting.new_page()
        answer = page.goto(address)
        assert answer.status == 502  # the edge's own page: nothing answers behind it here
        assert answer.security_details()["protocol"] == "TLS 1.3"
        assert page.evaluate("isSecureContext")
        assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    finally:
        trusting.close()
