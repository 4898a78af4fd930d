import datetime as dt
import socket
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from footlights.kernel import outgoing
from footlights.kernel.outgoing import AddressRefusedError, OutgoingError, fetch

PUBLIC = "93.184.216.34"


class Receiver(BaseHTTPRequestHandler):
    """Answers by its path: what a receiver, a liar or a bore would."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.heard.append((self.command, self.path, self.headers["Host"]))
        if self.path.startswith("/to/"):
            self._begin(302, Location=self.path.removeprefix("/to/"), **{"Content-Length": "0"})
        elif self.path == "/huge":
            self._begin(200, **{"Content-Length": str(10**12)})
            self._drip(b"x" * 65_536, 0)
        elif self.path == "/endless":
            self._begin(200, Connection="close")
            self._drip(b"x", 0.02)
        elif self.path == "/slow-head":
            self._drip(b"X", 0.02)
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"hello"
            self._begin(200, **{"Content-Length": str(len(body))})
            self.wfile.write(body)

    do_POST = do_GET  # noqa: N815  the library's name

    def _begin(self, status, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _drip(self, piece, pause_s):
        try:
            while not self.server.is_over.wait(pause_s):
                self.wfile.write(piece)
        except OSError:
            self.close_connection = True

    def log_message(self, *_):
        pass


@pytest.fixture
def receiver():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.daemon_threads = True
    server.heard, server.is_over = [], threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.is_over.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def own(receiver, settings):
    """The receiver, which the operator named as theirs; its address."""
    port = receiver.server_address[1]
    settings.OUTGOING_HOSTS = [f"127.0.0.1:{port}"]
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def names(monkeypatch):
    """What the resolver answers, each time it is asked: `names["host"] = [[address, …], …]`."""
    answers: dict[str, list[list[str]]] = {}
    real = socket.getaddrinfo

    def resolve(host, port, *args, **more):
        if host not in answers:
            return real(host, port, *args, **more)
        found = answers[host].pop(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", resolve)
    return answers


@pytest.fixture
def called(monkeypatch):
    """Addresses that would have been connected to; nobody answers there."""
    addresses: list[str] = []

    def connect(_self, host, *_args, **_more):
        addresses.append(host)
        raise httpcore.ConnectError("nobody is there")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    return addresses


def test_an_answer_comes_whole(own, receiver):
    answer = fetch("POST", f"{own}/hook", body=b"told", headers={"X-Kind": "a"})
    assert (answer.status, answer.body, answer.is_success) == (200, b"told", True)
    assert receiver.heard == [("POST", "/hook", own.removeprefix("http://"))]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",  # 127.0.0.1 as one number
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "0",
        "169.254.169.254",
        "0xA9FEA9FE",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:7f00:1::]",
        "localhost",
    ],
)
def test_however_it_is_written_an_address_inside_is_not_called(host, called):
    with pytest.raises(AddressRefusedError):
        fetch("GET", f"https://{host}/latest/meta-data/")
    assert called == []


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_x",
        "https://user:password@example.org/",
        "https:///path",
        "https://example.org:99999/",
        "https://example.org/\r\nHost: other",
        "https://ex ample.org/",
        "//example.org",
        "",
    ],
)
def test_what_is_no_plain_https_address_is_not_called(url, called):
    with pytest.raises(AddressRefusedError):
        fetch("GET", url)
    assert called == []


def test_a_name_with_one_address_inside_is_not_called_at_all(names, called):
    names["both.example"] = [[PUBLIC, "10.0.0.1"]]
    with pytest.raises(AddressRefusedError):
        fetch("GET", "https://both.example/")
    assert called == []


def test_a_name_that_answers_otherwise_a_moment_later_changes_nothing(names, called):
    names["rebinding.example"] = [[PUBLIC], ["127.0.0.1"]]
    with pytest.raises(OutgoingError, match="nobody is there"):
        fetch("GET", "https://rebinding.example/")
    assert called == [PUBLIC]  # the very address that was judged, by one answer of the resolver
    with pytest.raises(AddressRefusedError):
        fetch("GET", "https://rebinding.example/")
    assert called == [PUBLIC]


def test_the_next_address_is_tried_when_one_does_not_answer(names, called):
    names["two.example"] = [[PUBLIC, "93.184.216.35"]]
    with pytest.raises(OutgoingError):
        fetch("GET", "https://two.example/")
    assert called == [PUBLIC, "93.184.216.35"]


@pytest.mark.parametrize(
    "target", ["https://169.254.169.254/", "http://example.org/", "https://[::ffff:7f00:1]/", "file:///etc/passwd"]
)
def test_a_redirect_is_judged_like_the_first_address(own, target):
    with pytest.raises(AddressRefusedError):
        fetch("GET", f"{own}/to/{target}", redirects_max=3)


def test_redirects_are_followed_so_far_and_no_further(own, receiver):
    assert fetch("GET", f"{own}/to//to//hello", redirects_max=2).url == f"{own}/hello"
    with pytest.raises(OutgoingError, match="too often"):
        fetch("GET", f"{own}/to//to//hello", redirects_max=1)


def test_what_is_posted_is_never_sent_on(own, receiver):
    assert fetch("POST", f"{own}/to//hello", body=b"x", redirects_max=3).status == 302
    assert len(receiver.heard) == 1


def test_an_answer_that_is_too_large_is_left(own):
    with pytest.raises(OutgoingError, match="larger than 1000 bytes"):
        fetch("GET", f"{own}/huge", bytes_max=1000)


@pytest.mark.parametrize("path", ["/endless", "/slow-head"])
def test_an_answer_that_drips_for_ever_is_left_in_time(own, path):
    began = time.monotonic()
    with pytest.raises(OutgoingError, match="in time"):
        fetch("GET", f"{own}{path}", within_s=0.3)
    assert time.monotonic() - began < 5


def test_a_resolver_that_hangs_is_left_in_time(monkeypatch):
    hangs = threading.Event()
    monkeypatch.setattr(outgoing.socket, "getaddrinfo", lambda *_args, **_more: hangs.wait(20) and [])
    with pytest.raises(OutgoingError, match="in time"):
        fetch("GET", "https://example.org/", within_s=0.05)
    hangs.set()


def test_the_name_is_told_and_proved_though_the_address_is_called(receiver, names, settings, monkeypatch, tmp_path):
    certificate = make_certificate(tmp_path, "hooks.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    asked_for = []
    context.sni_callback = lambda _socket, name, _context: asked_for.append(name)
    receiver.socket = context.wrap_socket(receiver.socket, server_side=True)
    port = receiver.server_address[1]
    settings.OUTGOING_HOSTS = ["hooks.example", "other.example"]
    names |= {"hooks.example": [["127.0.0.1"]], "other.example": [["127.0.0.1"]]}
    monkeypatch.setattr(outgoing, "_tls", lambda: ssl.create_default_context(cafile=certificate))
    assert fetch("GET", f"https://hooks.example:{port}/").body == b"hello"
    assert asked_for == ["hooks.example"]
    assert receiver.heard == [("GET", "/", f"hooks.example:{port}")]
    with pytest.raises(OutgoingError, match="certificate"):
        fetch("GET", f"https://other.example:{port}/")


def make_certificate(folder, name):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    at = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(at - dt.timedelta(days=1))
        .not_valid_after(at + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path
