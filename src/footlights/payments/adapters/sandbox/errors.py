"""What the sandbox gateway answers when it does not do what it was asked."""


class NoAnswerError(Exception):
    """The connection broke before an answer came, or the answer was an error 500."""


class NoSuchThingError(Exception):
    """404, in a real service."""


class NotPossibleError(Exception):
    """402 or 409, in a real service; says why."""
