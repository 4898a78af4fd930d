"""The door of ingest: a process that takes streams in. It needs no Django."""

from footlights.ingest.hook import read_secret
from footlights.ingest.keys import Key, find_key, key_of_run
from footlights.ingest.latency import Latency
from footlights.ingest.manifests import STATE, length_s, replace
from footlights.ingest.run import Described, described_in
from footlights.ingest.sealed import Seal
from footlights.ingest.server import Settings, serve

__all__ = [
    "STATE",
    "Described",
    "Key",
    "Latency",
    "Seal",
    "Settings",
    "described_in",
    "find_key",
    "key_of_run",
    "length_s",
    "read_secret",
    "replace",
    "serve",
]
