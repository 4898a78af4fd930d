from pathlib import Path

import pytest

from footlights.config.transit import InClearError, require_encryption
from footlights.kernel.environment import Environment

SOCKET = "postgresql:///footlights?host=/run/footlights&user=footlights"
REMOTE = "postgresql://u:p@db.example.com:5432/footlights"


def check(database: str = SOCKET, **environ: str) -> None:
    here = Environment(
        home=Path("/h"), site_url="https://tv.example", database_url=database, storage_url="s3://b", debug=False
    )
    require_encryption(here, environ)


@pytest.mark.parametrize(
    "database",
    [
        SOCKET,
        "postgresql://u:p@localhost/footlights",
        "postgresql://u:p@127.0.0.1/footlights?sslmode=disable",
        "postgresql://u:p@[::1]:5432/footlights",
        f"{REMOTE}?sslmode=verify-full&sslrootcert=system",
    ],
)
def test_what_crosses_no_network_or_is_proved_is_allowed(database: str) -> None:
    check(database)


@pytest.mark.parametrize(
    "database",
    [
        REMOTE,
        *(f"{REMOTE}?sslmode={mode}" for mode in ("disable", "allow", "prefer", "require", "verify-ca")),
        "postgresql:///footlights?host=db.example.com",
        "postgresql://u@localhost,db.example.com/footlights",
        "postgresql:///footlights?host=/run/x&hostaddr=192.0.2.7",
        "postgresql://u@192.168.0.7/footlights",
    ],
)
def test_a_remote_database_in_clear_or_unproved_is_refused_by_name(database: str) -> None:
    with pytest.raises(InClearError, match="verify-full"):
        check(database)
    check(database, FOOTLIGHTS_CLEAR="storage, database")


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "GOOGLE_BASE_URL", "AZURE_ENDPOINT", "FOOTLIGHTS_MEDIA_ORIGIN"])
def test_objects_do_not_cross_a_network_in_clear(name: str) -> None:
    with pytest.raises(InClearError, match=name):
        check(**{name: "http://minio.example:9000"})
    check(**{name: "https://minio.example:9000"})
    check(**{name: "http://127.0.0.1:9000"})
    check(**{name: "http://minio.example:9000", "FOOTLIGHTS_CLEAR": "storage"})


@pytest.mark.parametrize("name", ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"])
def test_traces_do_not_cross_a_network_in_clear(name: str) -> None:
    with pytest.raises(InClearError, match=name):
        check(**{name: "http://collector.example:4318"})
    check(**{name: "https://collector.example:4318"})
    check(**{name: "http://localhost:4318"})
    check(**{name: "http://collector.example:4318", "FOOTLIGHTS_CLEAR": "traces"})


def test_every_broker_of_rooms_is_reached_encrypted_or_on_this_machine() -> None:
    check(FOOTLIGHTS_NATS_URL="nats://127.0.0.1:4222,nats://127.0.0.1:4223")
    check(FOOTLIGHTS_NATS_URL="tls://a.example:4222,tls://b.example:4222")
    check(FOOTLIGHTS_NATS_URL="nats://a.example:4222", FOOTLIGHTS_CLEAR="rooms")
    with pytest.raises(InClearError, match=r"b\.example"):
        check(FOOTLIGHTS_NATS_URL="tls://a.example:4222,nats://b.example:4222")
