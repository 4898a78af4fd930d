"""The base of every context's errors. No HTTP here: the web decides how an error looks."""

from typing import ClassVar


class FootlightsError(Exception):
    """Something a person can act on. `code` is stable; the message says what happened, what is safe, what to do."""

    code: ClassVar[str] = "error"


class NotFoundError(FootlightsError):
    code = "not_found"


class NotAllowedError(FootlightsError):
    """The person may not do this. To strangers the web shows it as not found."""

    code = "not_allowed"


class InvalidInputError(FootlightsError):
    """Input that breaks a rule; `field` names the form field it belongs to, when one does."""

    code = "invalid_input"

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class IdempotencyConflictError(FootlightsError):
    """The same idempotency key came back with other input."""

    code = "idempotency_conflict"
