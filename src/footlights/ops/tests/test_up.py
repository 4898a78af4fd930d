import fcntl
import os
import shutil
import socket
from types import SimpleNamespace

import pytest

from footlights.kernel import environment
from footlights.kernel.errors import FootlightsError
from footlights.ops import up
from footlights.ops.engines import ingests
from footlights.ops.engines.caddy import Edge
from footlights.ops.instance import free_port


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("FOOTLIGHTS_HOME", str(tmp_path))
    monkeypatch.setattr(os, "environ", os.environ.copy())  # so that what up() sets is undone
    return tmp_path


def test_a_folder_in_use_is_named_with_the_process_that_uses_it(home):
    with (home / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write("4711")
        file.flush()
        with pytest.raises(up.CannotStartError, match=r"already runs on .* \(process 4711\)"):
            up.up(Edge(port=free_port()))


def test_a_busy_port_is_named_with_who_has_it(home, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(
            up.CannotStartError, match=rf"Port {port} on 127.0.0.1 is taken by .* \(process {os.getpid()}\)"
        ):
            up.up(Edge(port=port))


def test_a_full_disk_is_said_before_anything_is_written(home, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=1 << 20))
    with pytest.raises(up.CannotStartError, match="is full: 1 MiB are free"):
        up.up(Edge(port=free_port()))
    assert not (home / "postgres").exists()


def test_an_address_of_another_machine_is_said(home):
    with pytest.raises(up.CannotStartError, match=r"Cannot listen on 192\.0\.2\.1"):
        up.up(Edge(host="192.0.2.1", port=free_port()))


def test_the_lock_is_free_again_after_a_failed_start(home, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=1))
    for _ in range(2):
        with pytest.raises(up.CannotStartError, match="is full"):
            up.up(Edge(port=free_port()))


def test_the_procfile_starts_the_edge_last():
    assert [name for name, _ in up.procfile()] == ["nats", "crew", "ingest", "edge"]


def test_a_very_long_data_folder_still_gets_sockets_that_fit(tmp_path, monkeypatch):
    monkeypatch.setenv("FOOTLIGHTS_HOME", str(tmp_path / ("long" * 30)))
    assert len(str(environment.load().run / ".s.PGSQL.5432")) < 107


@pytest.mark.parametrize("count", ["0", "17", "two"])
def test_how_many_ingests_there_can_be_is_said(count, monkeypatch):
    monkeypatch.setenv("FOOTLIGHTS_INGESTS", count)
    with pytest.raises(FootlightsError, match="from 1 to 16"):
        ingests.names()
