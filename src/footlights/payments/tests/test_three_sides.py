"""Whatever goes wrong with a journal is found: random histories of payments and payouts, one journal of which is spoilt."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.ledger.api import Posting, post_journal
from footlights.payments.api import list_differences, reconcile
from footlights.payments.booked import booked
from footlights.payments.comparing import Key
from footlights.payments.models import (
    DestinationRow,
    DifferenceRow,
    DisputeRow,
    MovementRow,
    PaymentRow,
    PayoutRow,
    ReconciledDayRow,
    RefundRow,
)

pytestmark = pytest.mark.django_db
AT = datetime(2031, 3, 1, 12, tzinfo=UTC)
MOVED = AT - timedelta(hours=5)
HOLDER, COST, BANK, DUE = "gateway:sandbox", "gatewaycost:sandbox", "dispute:sandbox", "payout:due"
SPOILT = ("missing", "doubled", "altered")
Journal = tuple[str, list[tuple[str, int]]]


class History:
    """Rows as they are after it, the gateway's lines of it, and the journals that are to be posted."""

    def __init__(self) -> None:
        self.journals: list[Journal] = []

    def sale(self, fate: str) -> None:
        payment = PaymentRow.objects.create(
            idempotency_key=str(new_id()),
            reference=f"thing:{new_id()}",
            amount_minor=400,
            currency="EUR",
            gateway="sandbox",
            gateway_ref=str(new_id()),
            state="captured",
            cost_minor=31,
            cost_currency="EUR",
            created_at=MOVED,
            captured_at=MOVED,
            state_at=MOVED,
        )
        self.moved(payment.pk, charge=400, fee=-31)
        self.journals.append((f"{payment.reference}:paid", [(HOLDER, 400), ("creator:one", -400)]))
        self.journals.append((f"payment:{payment.pk}:cost", [(COST, 31), (HOLDER, -31)]))
        if fate == "refunded":
            self.refund(payment)
        elif fate in {"open", "won", "lost"}:
            self.dispute(payment, fate)

    def refund(self, payment: PaymentRow) -> None:
        refund = RefundRow.objects.create(
            payment=payment,
            idempotency_key=str(new_id()),
            amount_minor=150,
            currency="EUR",
            state="done",
            asked_at=MOVED,
            done_at=MOVED,
        )
        self.moved(payment.pk, refund=-150)
        self.journals.append((f"{payment.reference}:paid:refunded:{refund.pk}", [(HOLDER, -150), ("creator:one", 150)]))

    def dispute(self, payment: PaymentRow, fate: str) -> None:
        dispute = DisputeRow.objects.create(
            payment=payment,
            gateway="sandbox",
            gateway_ref=str(new_id()),
            amount_minor=400,
            currency="EUR",
            fee_minor=1500,
            fee_currency="EUR",
            state=fate,
            opened_at=MOVED,
            closed_at=None if fate == "open" else MOVED,
        )
        self.moved(payment.pk, dispute=-400, fee=-1500)
        opened = [(BANK, 400), (HOLDER, -400), (COST, 1500), (HOLDER, -1500)]
        self.journals.append((f"dispute:{dispute.pk}:opened", opened))
        if fate == "won":
            self.moved(payment.pk, dispute=400)
        if fate != "open":
            goes_to = HOLDER if fate == "won" else "platform:suspense"
            self.journals.append((f"dispute:{dispute.pk}:{fate}", [(goes_to, 400), (BANK, -400)]))

    def payout(self, fate: str) -> None:
        bank = DestinationRow.objects.create(
            idempotency_key=str(new_id()), reference="bank", gateway="sandbox", created_at=MOVED
        )
        reference = f"payout:{new_id()}"
        payout = PayoutRow.objects.create(
            idempotency_key=reference,
            reference=reference,
            destination=bank,
            amount_minor=90,
            currency="EUR",
            gateway="sandbox",
            state=fate,
            cost_minor=25,
            cost_currency="EUR",
            asked_at=MOVED,
            state_at=MOVED,
        )
        self.moved(payout.pk, payout=-90, fee=-25)
        self.journals.append((f"{reference}:cost", [(COST, 25), (HOLDER, -25)]))
        self.journals.append((f"{reference}:asked", [("creator:one", 90), (DUE, -90)]))
        if fate == "paid":
            self.journals.append((f"{reference}:paid", [(DUE, 90), (HOLDER, -90)]))
        if fate == "returned":
            self.moved(payout.pk, payout=90)
            self.journals.append((f"{reference}:asked:undone", [("creator:one", -90), (DUE, 90)]))

    def moved(self, about: UUID, **minor: int) -> None:
        for kind, amount_minor in minor.items():
            MovementRow.objects.create(
                gateway="sandbox",
                gateway_ref=str(new_id()),
                kind=kind,
                reference=str(about),
                amount_minor=amount_minor,
                currency="EUR",
                at=MOVED,
            )

    def post(self, spoilt: Journal | None = None, how: str = "") -> None:
        for journal in self.journals:
            cause, lines = journal
            if journal is not spoilt or how == "doubled":
                post(cause, lines)
            if journal is spoilt and how == "doubled":
                post(f"{cause}:again", lines)
            if journal is spoilt and how == "altered":
                post(cause, [(account, minor * 2) for account, minor in lines])


def post(cause: str, lines: list[tuple[str, int]]) -> None:
    post_journal(cause=cause, postings=[Posting(account, Money(minor, "EUR")) for account, minor in lines], at=MOVED)


@pytest.fixture(autouse=True)
def _compared_since_last_week(monkeypatch) -> None:
    begun = AT - timedelta(days=7)
    ReconciledDayRow.objects.create(gateway="sandbox", day=(AT - timedelta(days=1)).date(), compared_at=begun)
    for asks in ("_fetch", "_ask_again"):  # the gateway's lines are here, and it has nothing to add
        monkeypatch.setattr(f"footlights.payments.operations.reconcile.{asks}", lambda *_, **__: None)


fates = st.lists(
    st.sampled_from(["kept", "refunded", "open", "won", "lost", "sent", "paid", "returned"]), min_size=1, max_size=2
)


@settings(max_examples=10)
@given(fates=fates, which=st.integers(min_value=0), how=st.sampled_from(SPOILT))
def test_a_journal_that_is_missing_doubled_or_altered_is_found(fates: list[str], which: int, how: str) -> None:
    for spoils in (False, True):
        with transaction.atomic():
            history = History()
            for fate in fates:
                (history.payout if fate in {"sent", "paid", "returned"} else history.sale)(fate)
            spoilt = history.journals[which % len(history.journals)]
            history.post(*((spoilt, how) if spoils else ()))
            assert bool(reconcile(gateway="sandbox", at=AT)) is spoils, list_differences()
            assert DifferenceRow.objects.exists() is spoils
            transaction.set_rollback(True)


def test_what_costs_nothing_what_is_asked_for_and_what_was_returned_whole_agree() -> None:
    history = History()
    history.sale("open")
    history.payout("asked")
    PaymentRow.objects.update(cost_minor=None, cost_currency="")
    DisputeRow.objects.update(fee_minor=None, fee_currency="")
    PayoutRow.objects.update(cost_minor=None, cost_currency="")
    MovementRow.objects.filter(kind__in=["fee", "payout"]).delete()
    sold, _cost, (opened, taken), _sending, asked = history.journals
    history.journals = [sold, (opened, taken[:2]), asked]
    history.post()
    assert reconcile(gateway="sandbox", at=AT) == 0, list_differences()


def test_a_journal_is_about_what_its_last_word_names() -> None:
    """Under one sale's name, and about another's refund; and a whole refund of before each had a number."""
    history = History()
    history.sale("kept")
    history.sale("refunded")
    one, another = PaymentRow.objects.order_by("pk")
    refund = RefundRow.objects.get()
    post(f"{one.reference}:paid:refunded:{refund.pk}", [(HOLDER, -150), ("creator:one", 150)])
    post(f"{one.reference}:paid:refunded", [(HOLDER, -400), ("creator:one", 400)])
    assert booked("sandbox", [str(one.pk)]) == {Key(str(one.pk), "refund", "EUR"): -400}
    assert another.pk == refund.payment_id
