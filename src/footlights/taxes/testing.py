"""Registrations, and a register of numbers, for tests of this context and of others."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs

from django.test import override_settings

from footlights.kernel.testing import serving
from footlights.taxes.adapters import stripe_tax as stripe_adapter
from footlights.taxes.adapters import vies
from footlights.taxes.known_rates import forget_known_rates
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


Taxes = list[tuple[str, str]]  # of a place: each tax's type and percentage, as Stripe writes them


STATES = {"10001": "NY", "97035": "OR"}


class TaxService:
    """Stripe Tax as its API answers, over HTTP: `says` is what becomes of the next questions.

    "answers"; "lost": it reads the question and closes the line; "slow": it says nothing for longer than anybody waits;
    "broken": status 500; "refused": a key that may not. Where `places` has no taxes, none is collected; a place that is
    not told well enough (the United States without a postcode) is an error, as Stripe's is.

    It keeps transactions by their reference, takes each once, gives the same answer to the same idempotency key, and
    nothing back beyond what was told. "taken": what is told counts, and its answer is lost.
    """

    def __init__(self) -> None:
        self.says = "answers"
        self.asked: list[tuple[str, str]] = []
        self.calculations: dict[str, tuple[int, int]] = {}  # total and tax
        self.transactions: dict[str, tuple[str, int, int]] = {}  # by id: reference, total and tax
        self.answered: dict[str, tuple[int, dict[str, Any]]] = {}
        self.places: dict[tuple[str, str], Taxes] = {
            ("DE", ""): [("vat", "19.0")],
            ("FR", ""): [("vat", "20.0")],
            ("GB", ""): [("vat", "20.0")],
            ("CH", ""): [("vat", "8.1")],
            ("CA", "ON"): [("hst", "13.0")],
            ("CA", "QC"): [("gst", "5.0"), ("qst", "9.975")],
            ("US", "10001"): [("sales_tax", "4.0"), ("sales_tax", "4.5"), ("sales_tax", "0.375")],
            ("US", "97035"): [],
        }

    def take(self, path: str, form: dict[str, str], key: str) -> tuple[int, dict[str, Any]]:
        if key in self.answered:
            return self.answered[key]
        does = {"calculations": self.answer, "create_from_calculation": self.file, "create_reversal": self.reverse}
        told = does[path.rpartition("/")[2]](form)
        if key and told[0] not in {403, 500}:
            self.answered[key] = told
        return told

    def file(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        total, tax = self.calculations[form["calculation"]]
        return self._keep(form["reference"], total, tax)

    def reverse(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        reference, total, _tax = self.transactions[form["original_transaction"]]
        amount = int(form["flat_amount"])
        gone = sum(each[1] for each in self.transactions.values() if each[0].startswith(f"{reference}<"))
        if amount >= 0 or total + gone + amount < 0:
            return 400, _error("invalid_request_error", "amount_too_large")
        kept = self._keep(form["reference"], amount, 0)
        self.transactions[kept[1]["id"]] = (f"{reference}<{form['reference']}", amount, 0)
        return kept

    def _keep(self, reference: str, total: int, tax: int) -> tuple[int, dict[str, Any]]:
        if reference in {each[0].rpartition("<")[2] for each in self.transactions.values()}:
            return 400, _error("invalid_request_error", "reference_taken")
        found = f"tax_{len(self.transactions) + 1}"
        self.transactions[found] = (reference, total, tax)
        return 200, {"id": found, "object": "tax.transaction", "reference": reference}

    def answer(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        address = {
            name: form.get(f"customer_details[address][{name}]", "") for name in ("country", "state", "postal_code")
        }
        place = address["country"], address["state"] or address["postal_code"]
        self.asked.append(place)
        if self.says == "refused":
            return 403, _error("invalid_request_error", "more_permissions_required")
        if self.says == "broken":
            return 500, _error("api_error", "")
        if place[0] == "US" and place not in self.places:
            return 400, _error("invalid_request_error", "customer_tax_location_invalid")
        amount = sum(int(form[name]) for name in form if name.endswith("[amount]"))
        taxes = self.places.get(place, [])
        held = form["line_items[0][tax_behavior]"] == "inclusive"
        whole = 100 + (sum(Decimal(percent) for _kind, percent in taxes) if held else 0)
        breakdown = [_tax(round(amount * Decimal(percent) / whole), kind, percent, place) for kind, percent in taxes]
        total = sum(each["amount"] for each in breakdown)
        name = f"taxcalc_{len(self.asked)}"
        self.calculations[name] = (amount if held else amount + total, total)
        return 200, {
            "id": name,
            "object": "tax.calculation",
            "amount_total": self.calculations[name][0],
            "currency": form["currency"],
            "tax_amount_exclusive": 0 if held else total,
            "tax_amount_inclusive": total if held else 0,
            "tax_breakdown": breakdown or [_tax(0, "", "", place)],
        }


def _tax(amount: int, kind: str, percent: str, place: tuple[str, str]) -> dict[str, Any]:
    details = {
        "country": place[0],
        "percentage_decimal": percent or "0.0",
        "rate_type": "percentage",
        "state": STATES.get(place[1], place[1]) or None,
        "tax_type": kind or "vat",
    }
    reason = "standard_rated" if amount else "not_collecting"
    return {"amount": amount, "inclusive": False, "tax_rate_details": details, "taxability_reason": reason}


def _error(kind: str, code: str) -> dict[str, Any]:
    return {"error": {"type": kind, "code": code, "message": "No."}}


@contextmanager
def tax_service(*, within_s: float = 5.0) -> Iterator[TaxService]:
    """Taxes are worked out by what this service says of places, as an operator would have Stripe Tax do it."""
    service = TaxService()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            typed = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            form, key = {name: values[0] for name, values in typed.items()}, self.headers.get("Idempotency-Key", "")
            if service.says == "lost":
                service.asked.append((form.get("customer_details[address][country]", ""), ""))
                return
            status, told = service.take(self.path, form, key)
            if service.says == "taken" and not self.path.endswith("calculations"):
                return
            if service.says == "slow":
                time.sleep(within_s * 2)
                return
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    kept, stripe_adapter.WITHIN_S = stripe_adapter.WITHIN_S, within_s
    try:
        with serving(Answering) as address:
            forget_known_rates()
            with override_settings(TAX_CALCULATOR="stripe", STRIPE_SECRET_KEY="sk_test_x", STRIPE_API=address):
                yield service
    finally:
        stripe_adapter.WITHIN_S = kept
        forget_known_rates()
