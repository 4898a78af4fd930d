"""The closed list of what we tell of. A new kind is a line here, a detector, and a section in docs/howto/alerts.md."""

from enum import StrEnum
from typing import Any, Self

from django.utils.translation import gettext_lazy as _


class Severity(StrEnum):
    GRAVE = "grave"  # somebody may be inside, or nobody is served: look now
    NOTABLE = "notable"  # look today


class Kind(StrEnum):
    """A dotted name, kept for ever. Its words say what may be going on; the runbook's section is its `anchor`."""

    severity: Severity
    words: Any

    def __new__(cls, name: str, severity: Severity, words: Any) -> Self:
        kind = str.__new__(cls, name)
        kind._value_ = name
        kind.severity = severity
        kind.words = words
        return kind

    ACCOUNT_TRIED = "sign_in.account", Severity.NOTABLE, _("Somebody guesses the password of an account")
    BLOCK_TRIES = "sign_in.block", Severity.NOTABLE, _("One network fails to sign in again and again")
    STUFFING = "sign_in.stuffing", Severity.GRAVE, _("A list of stolen passwords is being tried")
    SIGN_INS_FAIL = "sign_in.spike", Severity.GRAVE, _("Far more sign-ins fail than at this hour of other weeks")
    NEW_COUNTRY = "sign_in.country", Severity.NOTABLE, _("A sign-in from a country that is new to the account")
    REFUNDS = "money.refunds", Severity.GRAVE, _("Far more money is given back than usual")
    DISPUTES = "money.disputes", Severity.GRAVE, _("Far more payments are disputed than usual")
    STOLEN_CARDS = "money.giving", Severity.GRAVE, _("Tips and gifts look as if cards were stolen")
    GATEWAY_DIFFERS = "money.differs", Severity.GRAVE, _("A gateway counts otherwise than we do")
    GATEWAY_FORBIDS = "money.forbidden", Severity.GRAVE, _("A payment gateway does not let us do what we need")
    PAYOUT_REDIRECTED = "money.redirected", Severity.GRAVE, _("A payout goes where none went before")
    PROBING = "access.probing", Severity.NOTABLE, _("Somebody tries to reach what is not theirs")
    LICENCES = "watching.licences", Severity.NOTABLE, _("An account asks for far more films than a person watches")
    UPLOADS = "files.uploads", Severity.NOTABLE, _("Somebody uploads far more than usual")
    DELETIONS = "files.deletions", Severity.GRAVE, _("Far more is deleted than usual")
    ADMINISTRATOR_MADE = "people.administrator", Severity.GRAVE, _("There is a new administrator")
    TRAIL_BROKEN = "trail.broken", Severity.GRAVE, _("The trail was altered")
    ENGINE_UNHEALTHY = "engine.unhealthy", Severity.GRAVE, _("A part of the service does not answer")

    @classmethod
    def of(cls, name: str) -> "Kind":
        """Raises KeyError."""
        return _BY_NAME[name]

    @property
    def anchor(self) -> str:
        return self.value.replace(".", "-").replace("_", "-")


_BY_NAME = {kind.value: kind for kind in Kind}
