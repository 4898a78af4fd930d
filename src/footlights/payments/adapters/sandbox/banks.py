"""The sandbox's test banks: what becomes of earnings that are sent to each."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Bank:
    code: str
    last4: str
    name: str | Promise
    effect: str | Promise
    pays_after: timedelta | None = timedelta(seconds=5)
    returns_after: timedelta | None = None
    answers_to_lose: int = 0


BANKS = {
    bank.code: bank
    for bank in (
        Bank("pays", "0001", _("Pays"), _("The money arrives within seconds.")),
        Bank(
            "returns",
            "0002",
            _("Returns"),
            _("The money arrives, and comes back a minute later: the account was closed."),
            returns_after=timedelta(minutes=1),
        ),
        Bank(
            "refuses",
            "0003",
            _("Refuses"),
            _("The bank does not take it. The money comes back at once."),
            pays_after=None,
            returns_after=timedelta(seconds=5),
        ),
        Bank(
            "lost",
            "0004",
            _("Answer lost"),
            _("The money arrives, but we are not answered two times."),
            answers_to_lose=2,
        ),
    )
}
