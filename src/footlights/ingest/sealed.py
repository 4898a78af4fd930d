"""RTMPS: RTMP inside TLS, with the certificate that the edge gets and renews for the service's name."""

import ssl
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Seal:
    """`folder` is the edge's: `certificates/<authority>/<name>/<name>.crt`, its key beside it (Caddy's layout)."""

    folder: Path
    name: str
    port: int
    context: ssl.SSLContext = field(default_factory=lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
    _seen: tuple[Path, float] | None = None

    def __post_init__(self) -> None:
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2

    def read(self) -> bool:
        """Whether there is a certificate; the newest counts for whoever connects from now on. Raises OSError."""
        found = [
            (path.stat().st_mtime, path) for path in self.folder.glob(f"certificates/*/{self.name}/{self.name}.crt")
        ]
        if not found:
            return False
        at, path = max(found)
        if self._seen != (path, at):
            self.context.load_cert_chain(path, path.with_suffix(".key"))
            self._seen = (path, at)
        return True
