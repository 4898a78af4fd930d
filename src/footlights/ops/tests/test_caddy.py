import json
import subprocess
from dataclasses import replace

import pytest

from footlights.kernel import environment
from footlights.kernel.errors import FootlightsError
from footlights.ops.engines import caddy
from footlights.ops.engines.caddy import Edge


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
    assert "automatic_https" not in hosts
    assert "max-age=31536000" in hosts


def test_internal_tls_asks_no_public_authority():
    config = adapt(Edge(port=8443, http_port=8080, domain="tv.example.com", tls="internal"))
    assert config["apps"]["tls"]["automation"]["policies"][0]["issuers"] == [{"module": "internal"}]


def test_media_comes_from_the_bucket_when_objects_live_there(monkeypatch):
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    config = json.dumps(adapt(Edge(), storage_url="s3://films"))
    assert "films.s3.eu-central-1.amazonaws.com:443" in config


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
