import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from secrets import token_bytes

from footlights.kernel.environment import read_or_create_secret


def test_a_secret_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "key"
    first = read_or_create_secret(path, lambda: b"first")
    second = read_or_create_secret(path, lambda: b"second")
    assert first == second == b"first"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_racing_processes_agree_on_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        secrets = set(pool.map(lambda _: read_or_create_secret(tmp_path / "key", lambda: token_bytes(32)), range(64)))
    assert len(secrets) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
