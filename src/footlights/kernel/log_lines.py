"""How a process's log lines look: for people, or one JSON object a line (FOOTLIGHTS_LOG=json), with their request's id.

Loaded with the settings, so it imports nothing of ours. Never writes what a secret's name promises: that is masked.
"""

import logging
import re
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

SECRET = re.compile(
    r"passw|secret|token|authorization|cookie|session_key|api_?key|private|otp|card|cvc|content_key|sealed",
    re.IGNORECASE,
)
IN_ADDRESS = re.compile(r"(?i)\b(token|code|state|key|password|secret|signature)=[^&\s\"']+")
MASK = "…"
_traces = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))
_shared = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
]


def logging_settings(*, is_json: bool) -> dict[str, Any]:
    """Django's LOGGING. structlog's own loggers write through the same handler."""
    structlog.configure(
        processors=[*_shared, structlog.stdlib.PositionalArgumentsFormatter(), _to_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    ends = [structlog.processors.TimeStamper(fmt="iso", utc=True), _traces, _as_json] if is_json else [_as_text]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _shared,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, mask, *ends],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "procrastinate": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},
            "django.request": {"level": "ERROR"},
        },
    }


def mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Nothing that opens something stays in a line, whoever put it there."""
    for name in event:
        if name != "event" and SECRET.search(name):
            event[name] = MASK
    return event


def _to_formatter(logger: WrappedLogger, method: str, event: EventDict) -> Any:
    return structlog.stdlib.ProcessorFormatter.wrap_for_formatter(logger, method, event)


def _as_text(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    words = f"{event.pop('level').upper()} {event.pop('logger', '')} {event.pop('event')}"
    trace = event.pop("exc_info", None)
    more = "".join(f" {name.removesuffix('_id')}={value}" for name, value in event.items())
    return _without_addresses(f"{words}{more}" + (f"\n{logging.Formatter().formatException(trace)}" if trace else ""))


def _as_json(logger: WrappedLogger, method: str, event: EventDict) -> str:
    return _without_addresses(str(structlog.processors.JSONRenderer(ensure_ascii=False)(logger, method, event)))


def _without_addresses(line: str) -> str:
    """Without what opens something in an address: a code, a token."""
    return IN_ADDRESS.sub(rf"\1={MASK}", line) if "=" in line else line
