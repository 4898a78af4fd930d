"""Registrations, and a register of numbers, for tests of this context and of others."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler
from typing import Any

from django.test import override_settings

from footlights.kernel.testing import serving
from footlights.taxes.adapters import vies
from footlights.taxes.models import RegistrationRow
from footlights.taxes.queries import forget_registrations
from footlights.taxes.records import Registration

GERMAN, FRENCH = "DE136695976", "FR40303265045"


def make_registration(
    area: str = "EU",
    *,
    since: date = date(2020, 1, 1),
    until: date | None = None,
    number: str = "",
    is_seat: bool = False,
) -> Registration:
    """The service pays taxes in `area`; said twice, it does so once."""
    row, _is_new = RegistrationRow.objects.get_or_create(
        area=area, until=until, defaults={"since": since, "number": number, "is_seat": is_seat}
    )
    forget_registrations()
    return row.to_record()


class VatRegister:
    """VIES as its REST interface answers, over HTTP: `says` is what becomes of the next questions.

    "valid", "invalid"; an error of its own, like "MS_UNAVAILABLE", with status 200; "lost": it reads the question and
    closes the line; "slow": it says nothing for longer than anybody waits; "nonsense": a page of a gateway before it.
    """

    def __init__(self) -> None:
        self.says = "valid"
        self.asked: list[dict[str, str]] = []

    def answer(self, question: dict[str, str]) -> dict[str, Any]:
        self.asked.append(question)
        if self.says not in {"valid", "invalid"}:
            return {"actionSucceed": False, "errorWrappers": [{"error": self.says}]}
        told = {
            "countryCode": question["countryCode"],
            "vatNumber": question["vatNumber"],
            "requestDate": "2026-11-27T00:00:00.000Z",
            "valid": self.says == "valid",
            "name": "---",
            "address": "---",
        }
        return told | ({"requestIdentifier": f"WAPI{len(self.asked):08}"} if "requesterNumber" in question else {})


@contextmanager
def vat_register(*, within_s: float = 5.0) -> Iterator[VatRegister]:
    """The service asks this register, as an operator would have it ask VIES; it waits no longer than `within_s`."""
    register = VatRegister()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told = json.dumps(register.answer(question)).encode()
            if register.says == "lost":
                return
            if register.says == "slow":
                time.sleep(within_s * 2)  # nobody is on the line any more
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>Bad gateway</html>" if register.says == "nonsense" else told)

    kept, vies.WITHIN_S = vies.WITHIN_S, within_s
    try:
        with serving(Answering) as address:
            own = [address.removeprefix("http://")]
            with override_settings(VAT_REGISTER="vies", VIES_URL=f"{address}/", OUTGOING_HOSTS=own):
                yield register
    finally:
        vies.WITHIN_S = kept
