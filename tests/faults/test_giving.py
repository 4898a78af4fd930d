"""Tips and gifts whose process dies before every statement, whose webhook comes fifty times, that many open at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.giving import api
from footlights.giving.api import GiftOpenedError, NewTip, NotReturnableError, State
from footlights.giving.models import GiftRow, TipRow
from footlights.giving.operations.note_paid import note_paid
from footlights.giving.testing import make_gift, open_tips
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import list_balances
from footlights.ledger.models import Journal
from footlights.monetization.models import EntitlementRow
from footlights.monetization.testing import make_offer
from footlights.payments.adapters import signatures
from footlights.payments.adapters.sandbox.models import SandboxEvent
from footlights.payments.adapters.sandbox.secret import webhook_secret
from footlights.payments.testing import pay_with

pytestmark = pytest.mark.django_db(transaction=True)
STATEMENTS_MAX = 80
CONNECTIONS = 8


class DiedError(BaseException):
    """As a process that is killed: nobody catches it, and what was not committed is gone."""


def dies_before(statement: int, action: Callable[[], object]) -> bool:
    left = statement

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001  Django's
        nonlocal left
        left -= 1
        if left == 0:
            raise DiedError
        return execute(sql, params, many, context)

    with suppress(DiedError), connection.execute_wrapper(count):
        action()
        return False
    connection.close()
    return True


def die_at_each_statement(action: Callable[[], object], nothing_happened: Callable[[], bool]) -> None:
    """Until it is through: each death leaves nothing behind, so that the next try begins where the first did."""
    for statement in range(1, STATEMENTS_MAX):
        if not dies_before(statement, action):
            assert statement > 5, "nothing was tried"
            return
        assert nothing_happened(), f"something stayed of what died before statement {statement}"
    raise AssertionError(f"more than {STATEMENTS_MAX} statements")


def at_once(action: Callable[[int], Any], times: int) -> list[Any]:
    def work(number: int) -> Any:
        try:
            return action(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return list(pool.map(work, range(times)))


@pytest.fixture
def channel():
    made = make_channel(make_person())
    open_tips(made)
    return made


@pytest.fixture
def paid_unheard(channel):
    """A tip that was paid at the gateway; nobody has told us."""
    new = NewTip(channel_id=channel.id, amount=Money(500, "EUR"))
    tip = api.give_tip(giver_id=make_person().id, new=new, idempotency_key="k", at=now())
    pay_with("paid", tip.hosted_url)
    return tip


@pytest.fixture
def gift(channel):
    return make_gift(make_offer(make_title(channel)), make_person())


def adds_up() -> bool:
    return sum(balance.amount.amount_minor for balance in list_balances()) == 0


def test_a_tip_that_dies_is_whole_or_not_there(paid_unheard) -> None:
    reference, payment_id = f"tip:{paid_unheard.id}", paid_unheard.payment_id

    def is_untouched() -> bool:
        return not Journal.objects.filter(cause__startswith="tip:").exists() and TipRow.objects.get().state == "pending"

    die_at_each_statement(lambda: note_paid(reference=reference, payment_id=payment_id, at=now()), is_untouched)
    note_paid(reference=reference, payment_id=payment_id, at=now())
    assert Journal.objects.filter(cause=f"{reference}:paid").count() == 1
    assert adds_up()


def test_a_gift_whose_opening_dies_waits_still(gift) -> None:
    friend = make_person()

    def is_untouched() -> bool:
        is_closed = GiftRow.objects.get().redeemed_at is None and not EntitlementRow.objects.exists()
        return is_closed and not Journal.objects.filter(cause__endswith=":redeemed").exists()

    die_at_each_statement(lambda: api.redeem_gift(code=gift.code, viewer_id=friend.id, at=now()), is_untouched)
    api.redeem_gift(code=gift.code, viewer_id=friend.id, at=now())
    assert Journal.objects.filter(cause__endswith=":redeemed").count() == EntitlementRow.objects.count() == 1
    assert adds_up()


def test_fifty_copies_of_a_webhook_are_one_tip(paid_unheard) -> None:
    event_id, body = SandboxEvent.objects.get().pk, b"{}"

    def knock(_: int) -> int:
        headers = signatures.sign(secret=webhook_secret(), message_id=event_id, body=body, at=now())
        return Client().post("/webhooks/sandbox", body, content_type="application/json", headers=headers).status_code

    assert set(at_once(knock, 50)) == {204}
    run_jobs(only="handle_event")
    at_once(lambda _: note_paid(reference=f"tip:{paid_unheard.id}", payment_id=paid_unheard.payment_id, at=now()), 16)
    run_jobs(only="giving")
    assert Journal.objects.filter(cause__startswith="tip:").count() == 1
    assert TipRow.objects.get().state == State.PAID


def test_of_many_who_open_a_gift_at_once_one_has_it(gift) -> None:
    friends = [make_person() for _ in range(8)]

    def redeem(number: int) -> bool:
        try:
            api.redeem_gift(code=gift.code, viewer_id=friends[number].id, at=now())
        except GiftOpenedError:
            return False
        return True

    assert at_once(redeem, 8).count(True) == 1
    assert EntitlementRow.objects.get().viewer_id == GiftRow.objects.get().redeemed_by


def test_a_gift_is_opened_or_taken_back_but_never_both(gift) -> None:
    friend = make_person()

    def one_or_the_other(number: int) -> str:
        try:
            if number % 2:
                api.redeem_gift(code=gift.code, viewer_id=friend.id, at=now())
                return "opened"
            api.return_gift(gift_id=gift.id, giver_id=gift.giver_id, at=now())
        except (api.GiftOverError, NotReturnableError):
            return "refused"
        return "taken back"

    happened = set(at_once(one_or_the_other, 8)) - {"refused"}
    assert len(happened) == 1
    assert EntitlementRow.objects.filter(revoked_at=None).exists() == (happened == {"opened"})
    assert adds_up()
