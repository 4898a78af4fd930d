"""What one account gives too fast is not paid out until a person has looked at it."""

from datetime import timedelta

import pytest

from footlights.accounts.testing import make_person
from footlights.audit.api import Act
from footlights.audit.origin import Origin, acting
from footlights.audit.testing import recorded
from footlights.catalog.testing import make_title
from footlights.giving.api import NewTip, Whose, give_tip, redeem_gift
from footlights.giving.jobs import forget
from footlights.giving.models import OriginRow
from footlights.giving.policies import (
    BURST_DECLINED,
    BURST_PAID,
    NETWORK_DECLINED,
    NETWORK_PAID,
    RECEIVER_DECLINED,
    is_burst,
)
from footlights.giving.testing import make_gift, make_tip, open_tips
from footlights.kernel.clock import now
from footlights.kernel.events import publish
from footlights.kernel.ids import new_token
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.monetization.testing import make_offer
from footlights.payments.api import list_refunds, refund_payment
from footlights.payments.events import RefundFailed
from footlights.payments.testing import pay, webhooks_arrive
from footlights.payouts import api
from footlights.payouts.operations.hold_burst import hold_again

pytestmark = pytest.mark.django_db


def decline(channel, giver) -> None:
    new = NewTip(channel_id=channel.id, amount=Money(200, "EUR"))
    pay("declined", give_tip(giver_id=giver.id, new=new, idempotency_key=new_token(), at=now()).hosted_url)


@pytest.mark.parametrize(
    ("paid", "declined", "is_one"),
    [(BURST_PAID, 0, True), (BURST_PAID - 1, BURST_DECLINED - 1, False), (1, BURST_DECLINED, True), (0, 99, False)],
)
def test_only_what_goes_through_after_many_tries_or_far_too_often_is_a_burst(paid, declined, is_one) -> None:
    assert is_burst(paid=paid, declined=declined) is is_one


@pytest.mark.parametrize(
    ("whose", "paid", "declined", "is_one"),
    [
        (Whose.NETWORK, 1, NETWORK_DECLINED, True),
        (Whose.NETWORK, NETWORK_PAID - 1, NETWORK_DECLINED - 1, False),
        (Whose.NETWORK, NETWORK_PAID, 0, True),
        (Whose.RECEIVER, 500, RECEIVER_DECLINED, False),
        (Whose.RECEIVER, RECEIVER_DECLINED, RECEIVER_DECLINED, True),
    ],
)
def test_a_network_is_wider_than_an_account_and_a_hall_may_give_at_once(whose, paid, declined, is_one) -> None:
    assert is_burst(paid=paid, declined=declined, whose=whose) is is_one


def test_cards_tried_by_many_accounts_of_one_network_are_held(channel, monkeypatch) -> None:
    monkeypatch.setattr("footlights.giving.policies.NETWORK_DECLINED", 2)
    open_tips(channel)
    for address in ("203.0.113.7", "203.0.113.9"):
        with acting(Origin(address=address)):
            decline(channel, make_person())
    with acting(Origin(address="198.51.100.1")):
        make_tip(channel, make_person())
    assert api.list_holds() == []
    with acting(Origin(address="203.0.113.44")):
        make_tip(channel, make_person())
    [hold] = api.list_holds()
    assert "From one network" in hold.reason
    assert all(str(row).startswith("tip:") for row in OriginRow.objects.all())
    assert not OriginRow.objects.filter(block__contains="203.0.113").exists()
    forget.func(timestamp=0)
    assert OriginRow.objects.count() == 4
    OriginRow.objects.update(at=now() - timedelta(days=2))
    forget.func(timestamp=0)
    assert not OriginRow.objects.exists()


def test_what_mostly_fails_at_one_receiver_is_held_whoever_gives(channel, monkeypatch) -> None:
    monkeypatch.setattr("footlights.giving.policies.RECEIVER_DECLINED", 2)
    open_tips(channel)
    for _ in range(2):
        decline(channel, make_person())
    make_tip(channel, make_person())
    [hold] = api.list_holds()
    assert "one channel" in hold.reason


def test_tips_after_many_declined_cards_are_held_and_told_and_let_go_for_good(channel, stranger, staff) -> None:
    make_tip(channel, stranger)
    assert api.list_holds() == []
    for _ in range(BURST_DECLINED):
        decline(channel, stranger)
    make_tip(channel, stranger)
    holds = api.list_holds()
    assert [hold.amount for hold in holds] == [Money(450, "EUR")] * 2
    assert f"{BURST_DECLINED} cards were declined" in holds[0].reason
    api.release_hold_by_hand(hold_id=holds[0].id, by_id=staff.pk, at=now())
    assert [record.object_id for record in recorded(Act.GIVING_SUSPECTED)] == [str(stranger.pk)]
    make_tip(channel, stranger)
    assert len(api.list_holds()) == 2


def test_what_went_back_of_a_burst_is_held_no_more(channel, stranger) -> None:
    open_tips(channel)
    for _ in range(BURST_DECLINED):
        decline(channel, stranger)
    tips = [make_tip(channel, stranger) for _ in range(2)]
    for tip, amount in ((tips[0], None), (tips[1], Money(100, "EUR"))):
        refund_payment(payment_id=tip.payment_id, idempotency_key=f"r{amount}", at=now(), amount=amount)
    with webhooks_arrive():
        run_jobs(until=now() + timedelta(minutes=50), but="media.")
        assert [hold.amount for hold in api.list_holds()] == [Money(450, "EUR")] * 2, "its share may still be there"
        run_jobs(until=now() + timedelta(minutes=70), but="media.")
    assert [hold.amount for hold in api.list_holds()] == [Money(360, "EUR")]
    for tip in tips:
        [refund] = list_refunds(tip.payment_id)
        publish(RefundFailed(tip.payment_id, f"tip:{tip.id}", refund.id, refund.amount, now()))
    run_jobs(until=now() + timedelta(minutes=70), but="media.")
    assert [hold.amount for hold in api.list_holds()] == [Money(450, "EUR")] * 2, "both refunds came back"


def test_what_a_person_let_go_stays_let_go_when_a_refund_comes_back(channel, stranger, staff) -> None:
    open_tips(channel)
    for _ in range(BURST_DECLINED):
        decline(channel, stranger)
    tip = make_tip(channel, stranger)
    [hold] = api.list_holds()
    api.release_hold_by_hand(hold_id=hold.id, by_id=staff.pk, at=now())
    hold_again(reference=f"tip:{tip.id}")
    assert api.list_holds() == []


def test_who_else_gives_at_that_hour_is_not_held(channel, stranger, creator) -> None:
    open_tips(channel)
    for _ in range(BURST_DECLINED):
        decline(channel, stranger)
    make_tip(channel, creator)
    assert api.list_holds() == []


def test_a_gift_of_a_burst_is_held_once_it_is_opened(channel, stranger, staff) -> None:
    open_tips(channel)
    gift = make_gift(make_offer(make_title(channel)), stranger)
    for _ in range(BURST_DECLINED):
        decline(channel, stranger)
    redeem_gift(code=gift.code, viewer_id=staff.pk, at=now())
    assert api.list_holds() == []
    run_jobs(but="media.")
    [hold] = api.list_holds()
    assert hold.account == api.creator_account(channel.id)
