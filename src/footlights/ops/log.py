"""The service's log: one line an event, the process it belongs to in front. JSON with FOOTLIGHTS_LOG=json."""

import json
import os
import sys
import zlib
from contextlib import suppress

import structlog
from structlog.typing import EventDict, WrappedLogger

COLOURS = (33, 36, 35, 32, 34)  # yellow cyan magenta green blue


def line(process: str, text: str) -> None:
    """Say that `process` said `text`, which may be an object already."""
    if _is_json and text.startswith("{"):
        with suppress(ValueError):
            said = json.loads(text)
            _logger.info(said.pop("event", said.pop("msg", "")), **{**said, "process": process})
            return
    _logger.info(text, process=process)


def _as_text(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    name = f"{event['process']:<10}"
    if sys.stdout.isatty():
        name = f"\033[{COLOURS[zlib.crc32(name.encode()) % len(COLOURS)]}m{name}\033[0m"
    return f"{event['timestamp']} {name} {event['event']}"


_is_json = os.environ.get("FOOTLIGHTS_LOG") == "json"
_logger = structlog.wrap_logger(
    structlog.PrintLogger(sys.stdout),
    processors=[
        structlog.processors.TimeStamper(fmt="iso" if _is_json else "%H:%M:%S", utc=_is_json),
        structlog.processors.JSONRenderer() if _is_json else _as_text,
    ],
)
