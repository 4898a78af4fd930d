"""Thousands of random histories of every flow in docs/reference/ledger.md, with crashes and repeats.

The model is a handful of plain numbers; whatever happens in whatever order, the books say the same, sum to nothing in
each currency, nobody is paid twice, and nothing is given back beyond what was sold. The postings are those of the page;
who posts them in the product has tests of its own.
"""

import os
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from footlights.kernel.money import Money
from footlights.ledger.api import (
    NewJournal,
    NothingLeftError,
    Posting,
    balance_of,
    post_journal,
    post_journals,
    reverse_journal,
)
from footlights.ledger.models import BalanceRow

HISTORIES = int(os.environ.get("LEDGER_HISTORIES", "60"))  # thousands, when there is time
AT = datetime(2026, 3, 1, tzinfo=UTC)
GATEWAY, COST, DISPUTE, DUE = "gateway:g", "gatewaycost:g", "dispute:g", "payout:due"
FEES, COUPONS, SUSPENSE, EXCHANGE, TAX, CREATOR, PERSON = (
    "platform:fees", "platform:coupons", "platform:suspense", "platform:exchange", "tax:de", "creator:c", "person:p",
)  # fmt: skip
EVENINGS = 3
currencies = st.sampled_from(["EUR", "JPY"])
amounts = st.integers(1, 100_000)
percents = st.integers(0, 10_000)


class CrashError(Exception):
    """The process died before the commit."""


class Books(RuleBasedStateMachine):
    """Each rule is one flow. `_do` makes it crash, or come twice, now and then."""

    sales = Bundle("sales")
    paid_ahead = Bundle("paid_ahead")
    payouts = Bundle("payouts")
    disputes = Bundle("disputes")
    tickets = Bundle("tickets")

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.model: Counter[tuple[str, str]] = Counter()
        self.number = 0
        self.left: dict[str, int] = {}  # of each sale, what was not given back
        self.lines: dict[str, dict[str, int]] = {}  # of each sale, what is left on each account
        self.state: dict[str, str] = {}
        self.held: dict[str, tuple[int, str, dict[str, int]]] = {}  # of each ticket: its evening, currency, lines
        self.is_off: set[int] = set()  # evenings that do not take place

    def _name(self, kind: str) -> str:
        self.number += 1
        return f"{kind}:{self.number}"

    def _do(self, write: Callable[[], object], luck: int) -> None:
        """Whatever the luck, in the end it happened once."""
        if luck % 3 == 0:
            with pytest.raises(CrashError), transaction.atomic():
                write()
                raise CrashError
        for _ in range(1 + luck % 2):
            write()

    def _post(self, cause: str, lines: list[tuple[str, int]], currency: str, luck: int) -> None:
        postings = [Posting(account, Money(amount, currency)) for account, amount in lines if amount]
        if not postings:
            return
        self._do(lambda: post_journal(cause=cause, postings=postings, at=AT), luck)
        for account, amount in lines:
            self.model[account, currency] += amount

    @rule(
        target=sales,
        gross=amounts,
        tax=percents,
        fee=percents,
        share=percents,
        currency=currencies,
        luck=st.integers(0, 5),
    )
    def a_title_is_sold_with_tax_fee_and_split(self, gross, tax, fee, share, currency, luck):
        cause = self._name("purchase")
        taxed = gross * tax // 20_000
        fees = Money(gross - taxed, currency).share_bps(fee).amount_minor
        rest = gross - taxed - fees
        theirs = rest * share // 10_000
        lines = [(GATEWAY, gross), (TAX, -taxed), (FEES, -fees), (PERSON, -theirs), (CREATOR, theirs - rest)]
        self._post(cause, lines, currency, luck)
        self.left[cause] = gross
        self.lines[cause] = dict(lines)
        return cause, currency

    @rule(sale=sales, wanted=amounts, luck=st.integers(0, 5))
    def money_is_given_back_wholly_or_in_part(self, sale, wanted, luck):
        cause, currency = sale
        back, left = f"{cause}:refunded:{self._name('r')}", self.left[cause]

        def refund() -> None:
            reverse_journal(reversed_cause=cause, cause=back, at=AT, amount=Money(wanted, currency))

        if wanted > left:
            with pytest.raises(NothingLeftError), transaction.atomic():
                refund()
            return
        before = self._balances()
        self._do(refund, luck)
        self.left[cause] = left - wanted
        self._take_back(cause, currency, wanted, before)

    def _take_back(self, cause, currency, wanted, before) -> None:
        """Both sides give exactly what was wanted, and no line more than it had left of this sale."""
        after, lines = self._balances(), self.lines[cause]
        moved = {account: after[account, currency] - before[account, currency] for account in lines}
        assert moved[GATEWAY] == -wanted == -sum(amount for account, amount in moved.items() if account != GATEWAY)
        for account, amount in moved.items():
            was = lines[account]
            lines[account] = was + amount
            assert lines[account] * was >= 0
            assert abs(lines[account]) <= abs(was)
            self.model[account, currency] += amount
        assert self.left[cause] or not any(lines.values())

    @rule(
        target=tickets,
        evening=st.integers(0, EVENINGS - 1),
        gross=amounts,
        off=st.integers(0, 9_000),
        tax=percents,
        fee=percents,
        share=percents,
        currency=currencies,
        luck=st.integers(0, 5),
    )
    def a_ticket_is_sold_perhaps_with_a_coupon_of_the_platforms(
        self, evening, gross, off, tax, fee, share, currency, luck
    ):
        """Fee and shares are those of the whole price; what was not paid of them the platform puts in."""
        cause, paid = self._name("purchase"), gross - gross * off // 10_000
        taxed, whole = paid * tax // 20_000, gross - gross * tax // 20_000
        borne = whole - (paid - taxed)
        fees = Money(whole, currency).share_bps(fee).amount_minor
        theirs = (whole - fees) * share // 10_000
        lines = [(GATEWAY, paid), (COUPONS, borne), (TAX, -taxed), (FEES, -fees), (PERSON, -theirs)]
        lines.append((CREATOR, theirs - (whole - fees)))
        self._post(f"{cause}:paid", lines, currency, luck)
        self.held[cause] = (evening, currency, dict(lines))
        if evening in self.is_off:  # the money was on its way when it was cancelled
            self._ticket_goes_back(cause, luck)
        return cause

    @rule(ticket=tickets, part=percents, luck=st.integers(0, 5))
    def a_part_of_a_ticket_goes_back(self, ticket, part, luck):
        """Each account gives in proportion to what it has of it; the seller's is what makes the sum."""
        evening, currency, lines = self.held[ticket]
        back = {account: -(amount * part // 10_000) for account, amount in lines.items()}
        back[CREATOR] -= sum(back.values())
        if back[GATEWAY] == 0 or lines[CREATOR] + back[CREATOR] > 0:
            return
        self._post(f"{ticket}:refunded:{self._name('r')}", list(back.items()), currency, luck)
        self.held[ticket] = evening, currency, {account: lines[account] + back[account] for account in lines}

    @rule(ticket=tickets, luck=st.integers(0, 5))
    def its_holder_gives_a_ticket_back(self, ticket, luck):
        self._ticket_goes_back(ticket, luck)

    @rule(evening=st.integers(0, EVENINGS - 1), luck=st.integers(0, 5))
    def an_evening_does_not_take_place_and_everybody_has_their_money_back_once(self, evening, luck):
        self.is_off.add(evening)
        for ticket, (of_evening, _currency, _lines) in self.held.items():
            if of_evening == evening:
                self._ticket_goes_back(ticket, luck)

    def _ticket_goes_back(self, ticket: str, luck: int) -> None:
        """All that is left of it; again and again it is the same."""
        evening, currency, lines = self.held[ticket]
        rest = [(account, -amount) for account, amount in lines.items() if amount]
        if rest:
            self._once(f"{ticket}:refunded:whole", rest, currency, luck)
        self.held[ticket] = evening, currency, dict.fromkeys(lines, 0)

    @rule(sale=sales, cost=amounts, luck=st.integers(0, 5))
    def the_gateway_keeps_its_cost(self, sale, cost, luck):
        if self.state.setdefault(f"{sale[0]}:cost", str(cost)) == str(cost):
            self._once(f"{sale[0]}:cost", [(COST, cost), (GATEWAY, -cost)], sale[1], luck)

    def _once(self, cause: str, lines: list[tuple[str, int]], currency: str, luck: int) -> None:
        """As `_post`, where the same may have been posted by an earlier rule: then the model stays as it is."""
        if self.state.get(f"done {cause}"):
            postings = [Posting(account, Money(amount, currency)) for account, amount in lines]
            post_journal(cause=cause, postings=postings, at=AT)
            return
        self.state[f"done {cause}"] = "yes"
        self._post(cause, lines, currency, luck)

    @rule(target=disputes, sale=sales, fee=amounts, luck=st.integers(0, 5))
    def a_bank_takes_a_payment_back(self, sale, fee, luck):
        cause, currency, amount = self._name("dispute"), sale[1], self.left[sale[0]] or 1
        lines = [(DISPUTE, amount), (GATEWAY, -amount - fee), (COST, fee)]
        self._post(f"{cause}:opened", lines, currency, luck)
        return cause, currency, amount

    @rule(dispute=disputes, won=st.booleans(), luck=st.integers(0, 5))
    def a_dispute_is_decided_once(self, dispute, won, luck):
        cause, currency, amount = dispute
        won = self.state.setdefault(cause, str(won)) == "True"
        if won:
            self._once(f"{cause}:won", [(GATEWAY, amount), (DISPUTE, -amount)], currency, luck)
        else:
            self._once(f"{cause}:lost", [(SUSPENSE, amount), (DISPUTE, -amount)], currency, luck)

    @rule(
        target=paid_ahead,
        kind=st.sampled_from(["deferred", "gift", "pass"]),
        gross=amounts,
        currency=currencies,
        luck=st.integers(0, 5),
    )
    def money_is_paid_ahead(self, kind, gross, currency, luck):
        account = self._name(kind)
        self._post(f"{account}:paid", [(GATEWAY, gross), (account, -gross)], currency, luck)
        self.left[account] = gross
        return account, currency

    @rule(ahead=paid_ahead, days=st.integers(1, 31), fee=percents, luck=st.integers(0, 5))
    def what_was_paid_ahead_is_earned_day_by_day(self, ahead, days, fee, luck):
        """A subscription's days, a gift that is redeemed, a pass that is shared out: never more than was paid."""
        account, currency = ahead
        parts = [part for part in Money(self.left[account], currency).split([1] * days) if part]
        journals = []
        for day, part in enumerate(parts):
            fees = part.share_bps(fee)
            lines = [Posting(account, part), Posting(FEES, -fees), Posting(CREATOR, fees - part)]
            cause = f"recognition:{account}:{self.number}:{day}"
            journals.append(NewJournal(cause, [line for line in lines if line.amount], AT))
            for line in lines:
                self.model[line.account, currency] += line.amount.amount_minor
        if journals:
            self._do(lambda: post_journals(journals), luck)
        self.left[account] = 0
        self.number += 1

    @rule(gross=amounts, currency=currencies, luck=st.integers(0, 5))
    def a_tip_is_given(self, gross, currency, luck):
        self._post(f"{self._name('tip')}:paid", [(GATEWAY, gross), (CREATOR, -gross)], currency, luck)

    @rule(target=payouts, account=st.sampled_from([CREATOR, PERSON]), currency=currencies, luck=st.integers(0, 5))
    def all_that_is_there_is_asked_for(self, account, currency, luck):
        amount = max(0, -balance_of(account, currency).amount_minor)  # a negative balance is recovered first
        cause = self._name("payout")
        self._post(f"{cause}:asked", [(account, amount), (DUE, -amount)], currency, luck)
        return cause, account, currency, amount

    @rule(payout=payouts, arrives=st.booleans(), luck=st.integers(0, 5))
    def a_payout_arrives_or_comes_back_once(self, payout, arrives, luck):
        cause, account, currency, amount = payout
        if not amount:
            return
        if self.state.setdefault(cause, str(arrives)) == "True":
            self._once(f"{cause}:paid", [(DUE, amount), (GATEWAY, -amount)], currency, luck)
        else:
            self._once(f"{cause}:asked:undone", [(DUE, amount), (account, -amount)], currency, luck)

    @rule(euros=amounts, yen=amounts, luck=st.integers(0, 5))
    def money_is_exchanged(self, euros, yen, luck):
        cause = self._name("conversion")
        lines = [(GATEWAY, -euros, "EUR"), (EXCHANGE, euros, "EUR"), (EXCHANGE, -yen, "JPY"), (GATEWAY, yen, "JPY")]
        postings = [Posting(account, Money(amount, currency)) for account, amount, currency in lines]
        self._do(lambda: post_journal(cause=cause, postings=postings, at=AT), luck)
        for account, amount, currency in lines:
            self.model[account, currency] += amount

    @invariant()
    def the_books_say_what_the_model_says_and_sum_to_nothing(self):
        books = self._balances()
        assert {key: amount for key, amount in books.items() if amount} == {
            key: amount for key, amount in self.model.items() if amount
        }
        totals: Counter[str] = Counter()
        for (_account, currency), amount in books.items():
            totals[currency] += amount
        assert not any(totals.values())

    @invariant()
    def nobody_is_paid_twice_and_nothing_is_earned_twice(self):
        books = self._balances()
        for (account, _currency), amount in books.items():
            if account == DUE or account.startswith(("deferred:", "gift:", "pass:")):
                assert amount <= 0, f"more left {account} than came in"
            if account == DISPUTE:
                assert amount >= 0
        assert all(left >= 0 for left in self.left.values())

    @invariant()
    def nothing_is_left_anywhere_of_an_evening_that_did_not_take_place(self):
        for evening, currency, lines in self.held.values():
            assert sum(lines.values()) == 0, currency
            assert evening not in self.is_off or not any(lines.values())

    def _balances(self) -> Counter[tuple[str, str]]:
        found: Counter[tuple[str, str]] = Counter()
        for account, currency, amount in BalanceRow.objects.values_list("account", "currency", "amount_minor"):
            found[account, currency] += amount
        return found

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)


@pytest.mark.django_db
def test_every_history_of_every_flow_ends_in_balance() -> None:
    connection.ensure_connection()
    run_state_machine_as_test(Books, settings=settings(max_examples=HISTORIES, stateful_step_count=25))
