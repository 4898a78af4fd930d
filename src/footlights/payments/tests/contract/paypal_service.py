"""A PayPal on this machine: answers over HTTP in the shapes that PayPal documents, and keeps what a merchant depends on.

It keeps request ids with their first answer, also when that was an error; invoices' numbers that are taken once; batches
that are taken once and named when they are sent again; approval before capture; minimal answers to who asks for no
more; tokens that end; what is held, reversed and charged as lines of an account. It shares no code with the adapter.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from footlights.kernel.testing import serving as serving_http
from footlights.payments.tests.contract.paypal_certificate import certificate, signed

Thing = dict[str, Any]
CLIENT, SECRET, PARTNER, WEBHOOK = "client", "secret", "PARTNER", "WH-1"
FEE, DISPUTE_FEE, SENDING_FEE = Decimal("0.31"), Decimal("15.00"), Decimal("0.25")


class RefusedError(Exception):
    """An error of PayPal's, with the status it is answered with."""

    def __init__(self, status: int, name: str, issue: str = "", **more: Any) -> None:
        self.status = status
        details = [{"issue": issue, "description": issue}] if issue else []
        self.body = {"name": name, "message": name, "debug_id": "d0", "details": details, "links": [], **more}


class PayPalService:
    """Its state, and what happens to it outside of the API."""

    def __init__(self) -> None:
        self.things: dict[str, Thing] = {}
        self.rows: list[Thing] = []
        self.answers: dict[tuple[str, str], tuple[int, Any]] = {}  # by path and request id
        self.calls: list[tuple[str, str, str]] = []
        self.evidence: list[dict[str, bytes]] = []
        self.tokens: set[str] = set()
        self.scopes = {
            "openid",
            "https://uri.paypal.com/services/payments/realtimepayment",
            "https://uri.paypal.com/services/vault/payment-tokens/readwrite",
            "https://uri.paypal.com/payments/payouts",
            "https://uri.paypal.com/services/disputes/update-seller",
            "https://uri.paypal.com/services/reporting/search/read",
        }
        self.errors_to_store = 0  # the next so many charges and captures are done, and answered with an error
        self.silent = False
        self.home = ""
        self._ids = count(1)

    # What buyers, banks and time do.

    def approve(self, order_id: str) -> None:
        order = self.things[order_id]
        order["status"] = "APPROVED"
        order["payment_source"]["paypal"] |= {"email_address": "viewer@example.com", "account_id": "BUYER"}

    def agree(self, setup_id: str) -> None:
        self.things[setup_id]["status"] = "APPROVED"

    def dispute(self, order_id: str, *, stage: str = "CHARGEBACK") -> str:
        capture = self.captures_of(order_id)[0]
        value, currency = Decimal(capture["amount"]["value"]), capture["amount"]["currency_code"]
        made = self._new("PP-D-", {
            "reason": "MERCHANDISE_OR_SERVICE_NOT_RECEIVED", "status": "WAITING_FOR_SELLER_RESPONSE",
            "dispute_amount": deepcopy(capture["amount"]), "dispute_life_cycle_stage": stage,
            "seller_response_due_date": "2030-01-01T00:00:00.000Z", "fund_movements": [],
            "disputed_transactions": [{"seller_transaction_id": capture["id"], "custom": capture["custom_id"]}],
        })  # fmt: skip
        made["dispute_id"] = made.pop("id")
        made["links"] = [{"rel": "provide_evidence", "href": f"/v1/customer/disputes/{made['dispute_id']}"}]
        if stage != "INQUIRY":
            for reason, amount in (("DISPUTE_SETTLEMENT", value), ("DISPUTE_FEE", DISPUTE_FEE)):
                told = {"party": "SELLER", "type": "DEBIT", "reason": reason}
                made["fund_movements"].append(told | {"amount": money(amount, currency)})
            about = {"paypal_reference_id": capture["id"], "paypal_reference_id_type": "TXN"}
            self.moved("T1110", -value, currency, **about)
            self.moved("T0114", -DISPUTE_FEE, currency, custom_field=capture["custom_id"])
        return str(made["dispute_id"])

    def decide(self, dispute_id: str, *, won: bool) -> None:
        code = "RESOLVED_SELLER_FAVOUR" if won else "RESOLVED_BUYER_FAVOUR"
        self.things[dispute_id] |= {"status": "RESOLVED", "dispute_outcome": {"outcome_code": code}}

    def onboard(self, tracking_id: str, **changes: Any) -> None:
        seller = {"tracking_id": tracking_id, "merchant_id": f"MERCHANT{next(self._ids):05}"}
        self.things[tracking_id] = seller | {"payments_receivable": True, "primary_email_confirmed": True} | changes
        self.things[seller["merchant_id"]] = self.things[tracking_id]

    def bank_says(self, batch_id: str, status: str) -> None:
        batch = self.things[batch_id]
        item = batch["items"][0]
        if status == "RETURNED":
            item["errors"] = {"name": "RECEIVER_ACCOUNT_LOCKED", "message": "The account is locked."}
            amount = item["payout_item"]["amount"]
            row = {"custom_field": item["payout_item"]["sender_item_id"]}
            self.moved("T1115", Decimal(amount["value"]), amount["currency"], **row)
        else:
            item["payout_item_fee"] = money(SENDING_FEE, item["payout_item"]["amount"]["currency"])
        item["transaction_status"] = status
        batch["batch_header"]["batch_status"] = "SUCCESS"

    def event(self, kind: str, resource: Thing) -> str:
        return str(self._new("WH-", {"event_type": kind, "resource": deepcopy(resource)})["id"])

    def captures_of(self, order_id: str) -> list[Thing]:
        captures: list[Thing] = self.things[order_id]["purchase_units"][0]["payments"]["captures"]
        return captures

    def signed(self, body: bytes, at: datetime) -> dict[str, str]:
        return signed(body, at, webhook=WEBHOOK, home=self.home)

    # What merchants ask. Named by the method and path they answer.

    def post_orders(self, asked: Thing) -> Thing:
        unit, wallet = asked["purchase_units"][0], asked["payment_source"]["paypal"]
        order = self._new("", {"intent": asked["intent"], "payment_source": {"paypal": {}}})
        order["purchase_units"] = [{"reference_id": "default", **unit}]
        if vault_id := wallet.get("vault_id"):
            kept = self.things.get(vault_id)
            if kept is None:
                raise RefusedError(422, "UNPROCESSABLE_ENTITY", "TOKEN_ID_NOT_FOUND")
            if kept.get("_declines") == "PAYER_ACTION_REQUIRED":
                return order | {"status": "PAYER_ACTION_REQUIRED", "links": self._approve_links(order)}
            if kept.get("_declines"):
                raise RefusedError(422, "UNPROCESSABLE_ENTITY", kept["_declines"])
            self._capture(order)
            return order
        order |= {"status": "PAYER_ACTION_REQUIRED", "_vault": wallet.get("attributes", {}).get("vault")}
        order["links"] = self._approve_links(order)
        return order

    def post_orders_capture(self, _asked: Thing, ref: str) -> Thing:
        order = self._get(ref)
        if order["status"] == "COMPLETED":
            raise RefusedError(422, "UNPROCESSABLE_ENTITY", "ORDER_ALREADY_CAPTURED")
        if order["status"] != "APPROVED":
            raise RefusedError(422, "UNPROCESSABLE_ENTITY", "ORDER_NOT_APPROVED")
        if issue := order.get("_declines"):
            raise RefusedError(422, "UNPROCESSABLE_ENTITY", issue)
        self._capture(order)
        return order

    def post_captures_refund(self, asked: Thing, ref: str) -> Thing:
        capture = self._get(ref)
        payments = self.things[capture["_order"]]["purchase_units"][0]["payments"]
        given = sum(Decimal(each["amount"]["value"]) for each in payments["refunds"])
        value, of = Decimal(asked["amount"]["value"]), Decimal(capture["amount"]["value"])
        if given + value > of:
            raise RefusedError(422, "UNPROCESSABLE_ENTITY", "REFUND_AMOUNT_EXCEEDED")
        refund = self._new("", {"status": "COMPLETED", **asked})
        refund["links"] = [{"rel": "up", "href": f"{self.home}/v2/payments/captures/{ref}"}]
        payments["refunds"].append(refund)
        capture["status"] = "REFUNDED" if given + value == of else "PARTIALLY_REFUNDED"
        about = {"paypal_reference_id": ref, "paypal_reference_id_type": "TXN"}
        custom = {"custom_field": asked["custom_id"]} if asked.get("custom_id") else {}
        self.moved("T1107", -value, asked["amount"]["currency_code"], **about, **custom)
        return refund

    def post_setup_tokens(self, asked: Thing) -> Thing:
        made = self._new("", {"status": "PAYER_ACTION_REQUIRED", "customer": asked["customer"]})
        made["links"] = [{"rel": "approve", "href": f"https://www.paypal.com/agreements/approve?token={made['id']}"}]
        return made

    def post_payment_tokens(self, asked: Thing) -> Thing:
        setup = self._get(asked["payment_source"]["token"]["id"])
        if setup["status"] != "APPROVED":
            raise RefusedError(422, "UNPROCESSABLE_ENTITY", "SETUP_TOKEN_NOT_APPROVED")
        setup["status"] = "VAULTED"
        return self._wallet()

    def delete_payment_tokens(self, _asked: Thing, ref: str) -> Thing:
        self._get(ref)
        del self.things[ref]
        return {}

    def get_disputes(self, asked: Thing, ref: str = "") -> Thing:
        if ref:
            return self._get(ref)
        wanted = asked["disputed_transaction_id"]
        found = [
            {name: dispute[name] for name in ("dispute_id", "reason", "status", "dispute_amount")}
            for dispute in self.things.values()
            if any(each["seller_transaction_id"] == wanted for each in dispute.get("disputed_transactions", ()))
        ]
        return {"items": found, "links": []}

    def post_disputes_provide_evidence(self, asked: Thing, ref: str) -> Thing:
        dispute = self._get(ref)
        self.evidence.append(asked["_parts"])
        dispute |= {"status": "UNDER_REVIEW", "links": []}
        return {"links": []}

    def post_partner_referrals(self, asked: Thing) -> Thing:
        return {"links": [{"rel": "action_url", "href": f"https://www.paypal.com/bizsignup?t={asked['tracking_id']}"}]}

    def get_partners_merchant_integrations(self, asked: Thing, *ref: str) -> Thing:
        seller = self._get(ref[1] if ref[1:] else asked["tracking_id"])
        return seller if ref[1:] else {"merchant_id": seller["merchant_id"], "tracking_id": seller["tracking_id"]}

    def post_payouts(self, asked: Thing) -> Thing:
        header, item = asked["sender_batch_header"], asked["items"][0]
        name = f"batch {header['sender_batch_id']}"
        if before := self.things.get(name):
            link = {
                "rel": "self",
                "href": f"{self.home}/v1/payments/payouts/{before['batch_header']['payout_batch_id']}",
            }
            raise RefusedError(400, "USER_BUSINESS_ERROR", "", links=[link])
        self._get(item["receiver"])
        made = self._new("", {"items": [{"transaction_status": "PENDING", "payout_item": item}]})
        made["batch_header"] = {
            "payout_batch_id": made.pop("id"), "batch_status": "PENDING", "sender_batch_header": header,
            "amount": item["amount"],
        }  # fmt: skip
        self.things[name] = made
        amount = item["amount"]
        fee = {"fee_amount": money(-SENDING_FEE, amount["currency"]), "custom_field": item["sender_item_id"]}
        self.moved("T0001", -Decimal(amount["value"]), amount["currency"], **fee)
        return {"batch_header": made["batch_header"]}

    def get_transactions(self, asked: Thing) -> Thing:
        if "https://uri.paypal.com/services/reporting/search/read" not in self.scopes:
            raise RefusedError(403, "NOT_AUTHORIZED")
        start, end = (datetime.fromisoformat(asked[name]) for name in ("start_date", "end_date"))
        if end - start > timedelta(days=31):
            raise RefusedError(400, "INVALID_REQUEST", "INVALID_DATE_RANGE")
        found = [row for row in self.rows if start <= datetime.fromisoformat(row["transaction_initiation_date"]) <= end]
        if amount := asked.get("transaction_amount"):
            least, most = (Decimal(each) / 100 for each in amount.split(" TO "))
            found = [row for row in found if least <= Decimal(row["transaction_amount"]["value"]) <= most]
        size, page = int(asked["page_size"]), int(asked.get("page", "1"))
        shown = found[(page - 1) * size : page * size]
        return {
            "transaction_details": [{"transaction_info": row} for row in shown],
            "page": page, "total_items": len(found), "total_pages": -(-len(found) // size),
        }  # fmt: skip

    # How it answers.

    def answer(self, method: str, path: str, asked: Thing, headers: Any) -> tuple[int, Any]:
        if path == "/v1/oauth2/token":
            return self._let_in(headers)
        if headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return 401, {"error": "invalid_token", "error_description": "The token passed in was not found"}
        request_id = headers.get("PayPal-Request-Id", "")
        self.calls.append((method, path, request_id))
        if request_id and (path, request_id) in self.answers:
            return self.answers[path, request_id]
        try:
            answered: tuple[int, Any] = 200, self._shown(self._dispatch(method, path, asked), method, headers)
        except RefusedError as refused:
            answered = refused.status, refused.body
        takes_money = path.endswith("/capture") or "vault_id" in json.dumps(asked, default=str)
        if takes_money and self.errors_to_store:
            self.errors_to_store -= 1
            answered = 500, {"name": "INTERNAL_SERVER_ERROR", "message": "An internal server error has occurred."}
        if request_id:
            self.answers[path, request_id] = deepcopy(answered)
        return answered

    def _let_in(self, headers: Any) -> tuple[int, Any]:
        if headers.get("Authorization") != f"Basic {b64encode(f'{CLIENT}:{SECRET}'.encode()).decode()}":
            return 401, {"error": "invalid_client", "error_description": "Client Authentication failed"}
        token = f"A21AA-{next(self._ids)}"
        self.tokens.add(token)
        return 200, {
            "access_token": token, "token_type": "Bearer", "expires_in": 32400, "scope": " ".join(self.scopes)
        }  # fmt: skip

    def _dispatch(self, method: str, path: str, asked: Thing) -> Thing:
        parts = path.split("/")[3:]  # after the version and the family
        name, refs, action = parts[0], parts[1:2], parts[2:]
        handler: Callable[..., Thing] | None = getattr(
            self, "_".join([method.lower(), name, *action[:1]]).replace("-", "_"), None
        )
        if handler:
            return handler(asked, *refs, *action[1:])
        if method != "GET" or not refs:
            raise RefusedError(404, "RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID")
        return self._get(refs[0])

    def _shown(self, thing: Thing, method: str, headers: Any) -> Thing:
        whole = method == "GET" or "representation" in headers.get("Prefer", "")
        return {
            name: deepcopy(value)
            for name, value in thing.items()
            if not name.startswith("_") and (whole or name in {"id", "status", "links"})
        }

    def _get(self, ref: str) -> Thing:
        if ref not in self.things:
            raise RefusedError(404, "RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID")
        return self.things[ref]

    def _capture(self, order: Thing) -> None:
        unit = order["purchase_units"][0]
        if any(row.get("invoice_id") == unit["invoice_id"] for row in self.rows):
            raise RefusedError(422, "UNPROCESSABLE_ENTITY", "DUPLICATE_INVOICE_ID")
        value, currency = Decimal(order.get("_charged", unit["amount"]["value"])), unit["amount"]["currency_code"]
        capture = self._new("", {
            "status": order.get("_captured", "COMPLETED"), "amount": money(value, currency), "_order": order["id"],
            "custom_id": unit["custom_id"], "invoice_id": unit["invoice_id"], "final_capture": True,
            "seller_receivable_breakdown": {"paypal_fee": money(FEE, currency)},
            "supplementary_data": {"related_ids": {"order_id": order["id"]}},
        })  # fmt: skip
        unit["payments"] = {"captures": [capture], "refunds": []}
        order |= {"status": "COMPLETED", "links": []}
        if order.get("_vault"):
            kept = self._wallet()
            vault = {"id": kept["id"], "status": "VAULTED", "customer": {"id": "cust"}}
            order["payment_source"]["paypal"]["attributes"] = {"vault": vault}
        named = {"custom_field": unit["custom_id"], "invoice_id": unit["invoice_id"]}
        self.moved("T0006", value, currency, ref=capture["id"], fee_amount=money(-FEE, currency), **named)

    def _wallet(self) -> Thing:
        wallet = {"email_address": "viewer@example.com", "account_id": "BUYER"}
        return self._new("vault", {"customer": {"id": "cust"}, "payment_source": {"paypal": wallet}})

    def _approve_links(self, order: Thing) -> list[Thing]:
        return [{"rel": "payer-action", "href": f"https://www.paypal.com/checkoutnow?token={order['id']}"}]

    def moved(self, code: str, value: Decimal, currency: str, *, ref: str = "", **more: Any) -> None:
        known = {
            "transaction_status": "S",
            "transaction_initiation_date": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        self.rows.append({
            "transaction_id": ref or f"TXN{next(self._ids):014}", "transaction_event_code": code,
            "transaction_amount": money(value, currency), **known, **more,
        })  # fmt: skip

    def _new(self, prefix: str, changes: Thing) -> Thing:
        ref = f"{prefix}{next(self._ids):0{17 if not prefix else 5}}"
        self.things[ref] = {"id": ref, **changes}
        return self.things[ref]


def money(value: Decimal, currency: str) -> Thing:
    return {"currency_code": currency, "value": f"{value:f}"}


def read(kind: str, body: bytes) -> Thing:
    """What was posted: an object, or the parts of a form."""
    if kind.startswith("multipart/"):
        form = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
        named = [(part.get_param("name", header="content-disposition"), part) for part in form.walk()]
        return {"_parts": {name: part.get_payload(decode=True) for name, part in named if name}}
    return json.loads(body) if kind == "application/json" else {}


@contextmanager
def serving() -> Iterator[tuple[PayPalService, str]]:
    """The service, and the address it answers at."""
    service = PayPalService()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if urlsplit(self.path).path == "/v1/notifications/certs/CERT-1":
                self._send(200, certificate())
            else:
                self._answer("GET", dict(parse_qsl(urlsplit(self.path).query)))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            kind = self.headers.get("Content-Type", "")
            self._answer("POST", read(kind, body))

        def do_DELETE(self) -> None:
            self._answer("DELETE", {})

        def _answer(self, method: str, asked: Thing) -> None:
            if service.silent:
                self.close_connection = True
                return
            status, answer = service.answer(method, urlsplit(self.path).path, asked, self.headers)
            self._send(204 if method == "DELETE" and status == 200 else status, json.dumps(answer).encode())

        def _send(self, status: int, raw: bytes) -> None:
            raw = b"" if status == 204 else raw
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            if status != 204:
                self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

    with serving_http(Answering) as service.home:
        yield service, service.home
