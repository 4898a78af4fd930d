from footlights.kernel.errors import FootlightsError


class AuditError(FootlightsError):
    code = "audit"


class OutsideTransactionError(AuditError):
    """An act is recorded in the transaction that does it, or the trail could tell what never happened."""

    code = "outside_transaction"


class SecretInTrailError(AuditError):
    """The trail is read by many and kept for years: what is named like a secret never goes in."""

    code = "secret_in_trail"


class TooLongForTrailError(AuditError):
    """A record tells what changed in a few words, not whole documents."""

    code = "too_long_for_trail"


class TrailBrokenError(AuditError):
    """The trail was altered. Nothing of it may be dropped until somebody has looked: footlights audit verify."""

    code = "trail_broken"
