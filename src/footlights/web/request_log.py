"""Gives every line of the log the id of the request it belongs to.

Loaded with the settings, so it imports nothing of ours.
"""

import logging

import structlog


class RequestFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        request_id = structlog.contextvars.get_contextvars().get("request_id")
        record.request = f" request={request_id}" if request_id else ""
        return True
