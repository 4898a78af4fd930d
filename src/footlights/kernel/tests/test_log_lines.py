"""A line of the log holds what happened and which request it was in, and never what opens something."""

import json
import logging
import logging.config
import sys
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog

from footlights.kernel.log_lines import logging_settings


@pytest.fixture
def lines() -> Iterator[Any]:
    """A formatter of each kind, fed by hand: what a logger of the standard library would hand it."""

    def make(*, is_json: bool) -> Any:
        settings = logging_settings(is_json=is_json)["formatters"]["line"]
        handler = logging.StreamHandler(StringIO())
        kind = settings.pop("()")
        handler.setFormatter(kind(**settings))
        return handler

    yield make
    structlog.contextvars.clear_contextvars()


def said(handler: Any, message: str, *args: Any, **more: Any) -> str:
    record = logging.LogRecord("footlights.x", logging.ERROR, "x.py", 1, message, args, more.get("exc_info"))
    handler.emit(record)
    return str(handler.stream.getvalue())


def test_a_line_for_people_names_the_request(lines) -> None:
    structlog.contextvars.bind_contextvars(request_id="0198")
    assert said(lines(is_json=False), "It %s.", "broke") == "ERROR footlights.x It broke. request=0198\n"


def test_a_line_for_machines_is_one_object(lines) -> None:
    structlog.contextvars.bind_contextvars(request_id="0198")
    try:
        raise ValueError("no")  # noqa: TRY301  a trace is needed
    except ValueError:
        line = said(lines(is_json=True), "It broke.", exc_info=sys.exc_info())
    assert line.count("\n") == 1
    read = json.loads(line)
    assert (read["event"], read["level"], read["request_id"]) == ("It broke.", "error", "0198")
    assert read["exception"][0]["exc_type"] == "ValueError"


@pytest.mark.parametrize("is_json", [True, False])
@pytest.mark.parametrize(
    "name", ["password", "new_password1", "Authorization", "csrf_token", "client_secret", "content_key", "card_number"]
)
def test_what_opens_something_is_masked_by_its_name(lines, is_json, name) -> None:
    structlog.contextvars.bind_contextvars(**{name: "canary-7"})
    assert "canary-7" not in said(lines(is_json=is_json), "A thing happened.")


@pytest.mark.parametrize("is_json", [True, False])
def test_what_opens_something_is_masked_in_an_address(lines, is_json) -> None:
    try:
        raise OSError("GET https://id.example/back?code=canary-7&state=canary-8 failed")  # noqa: TRY301  as above
    except OSError:
        line = said(lines(is_json=is_json), "Failed: /back?code=canary-7&x=1", exc_info=sys.exc_info())
    assert "canary" not in line
    assert "x=1" in line


def test_a_trace_holds_no_local_values(lines) -> None:
    password = "canary-7"  # noqa: F841  the frame has it
    try:
        raise ValueError("no")  # noqa: TRY301  as above
    except ValueError:
        line = said(lines(is_json=True), "It broke.", exc_info=sys.exc_info())
    assert "canary-7" not in line
