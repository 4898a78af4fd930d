"""A Stripe on this machine: serves Stripe's own example objects over HTTP, changed by what it is asked and told.

It keeps what a merchant depends on: idempotency keys with their first answer, also when that was an error; ids; refunds
that add up; expansion only when it was asked for. The objects' shapes are Stripe's (stripe_examples.json says whence).
"""

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from http.server import BaseHTTPRequestHandler
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from footlights.kernel.testing import serving as serving_http

EXAMPLES: dict[str, Any] = json.loads((Path(__file__).parent / "stripe_examples.json").read_text())
Thing = dict[str, Any]


class RefusedError(Exception):
    """An error of Stripe's, with the status it is answered with."""

    def __init__(self, status: int, kind: str, code: str = "", **more: Any) -> None:
        self.status = status
        self.body = {"error": {"type": kind, "code": code, "message": code or kind, **more}}


class StripeService:
    """Its state, and what happens to it outside of the API."""

    def __init__(self) -> None:
        self.things: dict[str, Thing] = {}
        self.answers: dict[str, tuple[int, Any]] = {}  # by idempotency key
        self.keys: list[str] = []
        self.errors_to_store = 0  # the next so many writes are done, and answered with an error that is kept
        self.silent = False
        self._ids = count(1)

    # What buyers, banks and time do.

    def pay(self, session_id: str, *, charged: int | None = None) -> None:
        session = self.things[session_id]
        intent = self._intent(session["amount_total"], session["currency"], session["_intent"])
        intent |= {"customer": session["customer"], "setup_future_usage": session["_intent"].get("setup_future_usage")}
        self._capture(intent, charged)
        session |= {"status": "complete", "payment_status": "paid", "payment_intent": intent["id"]}

    def keep(self, session_id: str) -> None:
        session, method = self.things[session_id], self.method(self.things[session_id]["customer"])
        setup = self._new("setup_intent", "seti", {"status": "succeeded", "payment_method": method})
        session |= {"status": "complete", "setup_intent": setup["id"]}

    def method(self, customer: str | None, **card: Any) -> str:
        made = self._new("payment_method", "pm", {"customer": customer, "type": "card"})
        made["card"] = {"brand": "visa", "last4": "4242", "exp_month": 2, "exp_year": 2032} | card
        return str(made["id"])

    def dispute(self, intent_id: str, status: str = "needs_response") -> str:
        intent = self.things[intent_id]
        fee = self._moved("adjustment", -intent["amount_received"], intent["currency"], fee=1500)
        made = {
            "amount": intent["amount_received"], "currency": intent["currency"], "payment_intent": intent_id,
            "status": status, "balance_transactions": [deepcopy(fee)], "reason": "product_not_received",
        }  # fmt: skip
        dispute = self._new("dispute", "dp", made)
        fee["source"] = dispute["id"]
        return str(dispute["id"])

    def event(self, kind: str, about: str | Thing, account: str | None = None) -> str:
        told = self.things[about] if isinstance(about, str) else about
        event = self._new("event", "evt", {"type": kind, "data": {"object": deepcopy(told)}, "account": account})
        return str(event["id"])

    # What merchants ask. Named by the method and path they answer.

    def post_customers(self, asked: Thing) -> Thing:
        return self._new("customer", "cus", asked)

    def post_checkout_sessions(self, asked: Thing) -> Thing:
        asked["_intent"] = asked.pop("payment_intent_data", {})
        if lines := asked.pop("line_items", None):
            price = lines["0"]["price_data"]
            asked |= {"amount_total": int(price["unit_amount"]), "currency": price["currency"]}
        known = {"status": "open", "payment_intent": None, "setup_intent": None, "customer": None}
        session = self._new("checkout.session", "cs_test", known | asked)
        session["url"] = f"https://checkout.stripe.com/c/pay/{session['id']}"
        return session

    def post_checkout_sessions_expire(self, asked: Thing, ref: str) -> Thing:
        session = self._get(ref)
        if session["status"] != "open":
            raise RefusedError(400, "invalid_request_error", "not_open")
        session["status"] = "expired"
        return session

    def post_payment_intents(self, asked: Thing) -> Thing:
        method = self._get(asked["payment_method"])
        if not method["customer"]:
            raise RefusedError(400, "invalid_request_error", "payment_method_unattached")
        intent = self._intent(int(asked["amount"]), asked["currency"], asked)
        intent |= {"customer": asked["customer"], "payment_method": method["id"], "setup_future_usage": None}
        if code := method["card"].get("declines"):
            error = {"code": "card_declined", "decline_code": code, "message": f"No: {code}.", "type": "card_error"}
            intent |= {"status": "requires_payment_method", "last_payment_error": error}
            raise RefusedError(402, "card_error", "card_declined", decline_code=code, payment_intent=deepcopy(intent))
        self._capture(intent, None)
        return intent

    def post_refunds(self, asked: Thing) -> Thing:
        charge = self.things[self._get(asked["payment_intent"])["latest_charge"]]
        if charge["amount_refunded"] + int(asked["amount"]) > charge["amount"]:
            raise RefusedError(400, "invalid_request_error", "charge_already_refunded")
        known = {"currency": charge["currency"], "status": "succeeded", "_charge": charge["id"]}
        refund = self._new("refund", "re", asked | known | {"amount": int(asked["amount"])})
        charge["amount_refunded"] += refund["amount"]
        self._moved("refund", -refund["amount"], refund["currency"], source=refund["id"])
        return refund

    def post_payment_methods_detach(self, asked: Thing, ref: str) -> Thing:
        method = self._get(ref)
        if not method["customer"]:
            raise RefusedError(400, "invalid_request_error", "payment_method_unattached")
        method["customer"] = None
        return method

    def post_disputes(self, asked: Thing, ref: str) -> Thing:
        dispute = self._get(ref)
        dispute["evidence"] |= asked["evidence"]
        dispute["status"] = "under_review"
        return dispute

    def post_accounts(self, asked: Thing) -> Thing:
        known = {"payouts_enabled": False, "details_submitted": False, "type": "express"}
        return self._new("account", "acct", known | {"metadata": asked["metadata"]})

    def post_account_links(self, asked: Thing) -> Thing:
        return self._new("account_link", "link", {"url": f"https://connect.stripe.com/setup/{asked['account']}"})

    def post_transfers(self, asked: Thing) -> Thing:
        asked["amount"] = int(asked["amount"])
        transfer = self._new("transfer", "tr", asked | {"reversed": False})
        self._moved("transfer", -transfer["amount"], transfer["currency"], source=transfer["id"])
        return transfer

    def post_transfers_reversals(self, asked: Thing, ref: str) -> Thing:
        transfer = self._get(ref)
        transfer["reversed"] = True
        known = {"amount": transfer["amount"], "currency": transfer["currency"]}
        reversal = self._new("transfer_reversal", "trr", asked | known)
        self._moved("transfer_refund", transfer["amount"], transfer["currency"], source=reversal["id"])
        return reversal

    def post_payouts(self, asked: Thing) -> Thing:
        if asked["_account"] in self.things and self.things[asked["_account"]].get("_waits"):
            raise RefusedError(400, "invalid_request_error", "balance_insufficient")
        asked["amount"] = int(asked["amount"])
        return self._new("payout", "po", asked | {"status": "in_transit"})

    # How it answers.

    def answer(self, method: str, path: str, asked: Thing, key: str | None) -> tuple[int, Any]:
        if key and key in self.answers:
            return self.answers[key]
        if key:
            self.keys.append(key)
        paths = [path.split(".") for path in asked.pop("expand", {}).values()]
        try:
            thing = self._dispatch(method, path, asked, paths)
            answered: tuple[int, Any] = 200, thing if thing["object"] == "list" else self._shown(thing, paths)
        except RefusedError as refused:
            answered = refused.status, refused.body
        if method == "POST" and self.errors_to_store:
            self.errors_to_store -= 1
            answered = 500, {"error": {"type": "api_error", "message": "Something went wrong on our end."}}
        if key:
            self.answers[key] = answered
        return answered

    def _dispatch(self, method: str, path: str, asked: Thing, paths: list[list[str]]) -> Thing:
        parts = path.removeprefix("/v1/").replace("checkout/sessions", "checkout_sessions").split("/")
        if method == "GET":
            return (
                self._get(parts[1])
                if len(parts) > 1
                else self._list(parts[0], asked, [each[1:] for each in paths if each[0] == "data"])
            )
        handler: Callable[..., Thing] = getattr(self, "_".join(["post", parts[0], *parts[2:]]))
        return handler(asked, parts[1]) if len(parts) > 1 else handler(asked)

    def _get(self, ref: str) -> Thing:
        if ref not in self.things:
            raise RefusedError(404, "invalid_request_error", "resource_missing")
        return self.things[ref]

    def _list(self, folder: str, asked: Thing, paths: list[list[str]]) -> Thing:
        kind = {"checkout_sessions": "checkout.session"}.get(folder, folder.removesuffix("s"))
        wanted = {
            name: value
            for name, value in asked.items()
            if name in {"customer", "payment_intent", "transfer_group", "_account"}
        }
        found = [
            self._shown(thing, paths)
            for thing in reversed(self.things.values())
            if thing["object"] == kind
            and _is_within(thing, asked.get("created", {}))
            and all(thing.get(name) == value for name, value in wanted.items())
        ]
        if after := asked.get("starting_after"):
            found = found[[each["id"] for each in found].index(after) + 1 :]
        most = int(asked.get("limit", 10))
        return {
            "object": "list",
            "data": found[:most],
            "has_more": len(found) > most,
            "url": f"/v1/{folder}",
        }

    def _shown(self, thing: Thing, paths: Iterable[list[str]]) -> Thing:
        """Ids are replaced by what they name where `paths` says so, as by `expand`."""
        shown = {name: value for name, value in deepcopy(thing).items() if not name.startswith("_")}
        if thing["object"] == "charge" and ["refunds"] in paths:
            refunds = [self._shown(each, ()) for each in self.things.values() if each.get("_charge") == thing["id"]]
            shown["refunds"] = {"object": "list", "data": refunds, "has_more": False, "url": "/v1/refunds"}
        for name in {path[0] for path in paths}:
            if isinstance(shown.get(name), str):
                inner = [path[1:] for path in paths if path[0] == name and path[1:]]
                shown[name] = self._shown(self.things[shown[name]], inner)
        return shown

    def _new(self, kind: str, prefix: str, changes: Thing) -> Thing:
        thing = deepcopy(EXAMPLES[kind]) | {"id": f"{prefix}_{next(self._ids)}"} | changes
        self.things[thing["id"]] = thing
        return thing

    def _moved(self, kind: str, amount: int, currency: str, *, fee: int = 0, source: str | None = None) -> Thing:
        known = {"type": kind, "amount": amount, "currency": currency, "fee": fee, "source": source}
        return self._new("balance_transaction", "txn", known | {"created": int(time.time())})

    def _intent(self, amount: int, currency: str, asked: Thing) -> Thing:
        known = {"amount": amount, "currency": currency, "metadata": asked.get("metadata", {}), "latest_charge": None}
        return self._new("payment_intent", "pi", known | {"amount_received": 0, "last_payment_error": None})

    def _capture(self, intent: Thing, charged: int | None) -> None:
        amount = intent["amount"] if charged is None else charged
        cost = self._moved("charge", amount, intent["currency"], fee=31)
        known = {"amount": amount, "amount_refunded": 0, "currency": intent["currency"]}
        charge = self._new("charge", "ch", known | {"balance_transaction": cost["id"], "payment_intent": intent["id"]})
        cost["source"] = charge["id"]
        method = (
            intent["payment_method"] if intent.get("payment_method") in self.things else self.method(intent["customer"])
        )
        intent |= {
            "status": "succeeded", "amount_received": amount, "latest_charge": charge["id"], "payment_method": method,
        }  # fmt: skip


def _is_within(thing: Thing, created: Thing) -> bool:
    return not created or int(created["gte"]) <= thing["created"] < int(created["lt"])


def nested(body: str) -> Thing:
    """a[b][0]=c as dictionaries."""
    asked: Thing = {}
    for name, value in parse_qsl(body, keep_blank_values=True):
        *outer, last = re.findall(r"[^\[\]]+", name)
        where = asked
        for part in outer:
            where = where.setdefault(part, {})
        where[last] = value
    return asked


@contextmanager
def serving() -> Iterator[tuple[StripeService, str]]:
    """The service, and the address it answers at."""
    service = StripeService()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("GET", urlsplit(self.path).query)

        def do_POST(self) -> None:
            self._answer("POST", self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())

        def _answer(self, method: str, body: str) -> None:
            asked = nested(body)
            if account := self.headers.get("Stripe-Account"):
                asked["_account"] = account
            if service.silent:
                self.close_connection = True
                return
            status, answer = service.answer(
                method, urlsplit(self.path).path, asked, self.headers.get("Idempotency-Key")
            )
            raw = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

    with serving_http(Answering) as address:
        yield service, address
