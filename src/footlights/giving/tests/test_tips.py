"""Tips: given once, shared out, given back, and whatever comes in the wrong order."""

from unittest import mock

import pytest

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.giving import api, handlers
from footlights.giving.events import TipGiven
from footlights.giving.models import ReturnRow, TipJarRow, TipRow
from footlights.giving.operations import give_back, note_refund
from footlights.giving.operations.close import close, mark_unsettled
from footlights.giving.operations.give_tip import _begin
from footlights.giving.records import NewTip, State, TipJar
from footlights.giving.testing import make_tip, open_tips
from footlights.invoicing.api import list_documents_of_buyer
from footlights.kernel import events
from footlights.kernel.clock import now
from footlights.kernel.errors import IdempotencyConflictError, InvalidInputError, NotFoundError
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import balance_of
from footlights.payments.api import NothingToRefundError, RefundState, list_methods, open_method_setup, settle_payment
from footlights.payments.events import DisputeClosed, PaymentCaptured, PaymentRefunded, RefundFailed
from footlights.payments.testing import pay, pay_with, taken_by_gateway, webhooks_arrive
from footlights.splits.testing import agree
from footlights.terms.api import NewTerm, SaleKind, Term, set_terms

pytestmark = pytest.mark.django_db

FIVE = Money(500, "EUR")


def give(channel, viewer, key="k", amount=FIVE, at=None, method_id=None, **new):
    asked = NewTip(channel_id=channel.id, amount=amount, **new)
    return api.give_tip(giver_id=viewer.id, new=asked, idempotency_key=key, at=at or now(), method_id=method_id)


def books(channel):
    accounts = ("platform:fees", f"creator:{channel.id}")
    return [taken_by_gateway("EUR").amount_minor, *(balance_of(each, "EUR").amount_minor for each in accounts)]


def test_a_tip_goes_to_the_channel_less_the_fee(channel, viewer):
    tip = make_tip(channel, viewer, message="Bravo")
    assert (tip.state, tip.message) == (State.PAID, "Bravo")
    assert books(channel) == [500, -50, -450]
    [seen] = api.list_received_tips(channel.id)
    assert (seen.giver_id, seen.fee.amount_minor, seen.net, seen.left) == (viewer.id, 50, seen.left, Money(450, "EUR"))
    [total] = api.tip_totals(channel.id)
    assert (total.count, total.given, total.net) == (1, FIVE, Money(450, "EUR"))
    [receipt] = list_documents_of_buyer(viewer.id)
    assert (receipt.gross, receipt.tax.amount_minor) == (FIVE, 0)


def test_tips_have_a_fee_of_their_own(channel, viewer):
    change = NewTerm(term=Term.FEE_BPS, value=0, kind=SaleKind.TIP)
    set_terms(changes=[change], by_id=new_id(), at=now(), from_at=now())
    make_tip(channel, viewer)
    assert books(channel) == [500, 0, -500]


def test_a_tip_for_a_title_is_shared_as_the_title_is(channel, creator, title, viewer):
    mate = make_person()
    agree(title, (mate, 5_000))
    make_tip(channel, viewer, title_id=title.id)
    assert balance_of(f"person:{mate.id}", "EUR").amount_minor == -225
    [seen] = api.list_received_tips(channel.id)
    assert (seen.shared.amount_minor, seen.net.amount_minor) == (225, 225)
    api.refund_tip(tip_id=seen.id, by_id=creator.id, idempotency_key="r", at=now())
    assert not balance_of(f"person:{mate.id}", "EUR")
    assert not api.get_received_tip(channel_id=channel.id, tip_id=seen.id).left


def test_two_clicks_are_one_tip_and_two_keys_are_two(channel, viewer):
    open_tips(channel)
    first, again, other = give(channel, viewer), give(channel, viewer), give(channel, viewer, key="another")
    assert first == again
    assert other.id != first.id


def test_the_click_that_was_faster_by_a_blink_is_the_same_tip(channel, viewer):
    open_tips(channel)
    first, other = (_begin(viewer.id, NewTip(channel_id=channel.id, amount=FIVE), "k", now()) for _ in range(2))
    assert first.pk == other.pk
    assert str(first) == f"tip:{first.pk}"


def test_the_same_key_for_another_amount_is_an_error(channel, viewer):
    open_tips(channel)
    give(channel, viewer)
    with pytest.raises(IdempotencyConflictError):
        give(channel, viewer, amount=Money(501, "EUR"))


def test_a_channel_takes_tips_only_once_it_says_so(channel, viewer):
    with pytest.raises(api.TipsClosedError):
        give(channel, viewer)
    assert api.tip_jar(channel.id) == TipJar()


def test_only_whoever_sets_prices_opens_the_tips(channel, stranger, creator):
    with pytest.raises(NotFoundError):
        api.set_tip_jar(channel_id=channel.id, editor_id=stranger.id, jar=TipJar(is_open=True), at=now())
    api.set_tip_jar(channel_id=channel.id, editor_id=creator.id, jar=TipJar(is_open=True, thanks=" Ta "), at=now())
    assert api.tip_jar(channel.id) == TipJar(is_open=True, thanks="Ta")
    assert str(TipJarRow.objects.get()) == f"tips for {channel.id}"


def test_a_tip_below_the_least_is_refused_and_nothing_is_kept(channel, viewer):
    open_tips(channel)
    with pytest.raises(InvalidInputError):
        give(channel, viewer, amount=Money(99, "EUR"))
    assert not TipRow.objects.exists()


def test_a_title_takes_tips_for_its_own_channel_while_it_can_be_seen(channel, viewer):
    open_tips(channel)
    for title_id in (make_title(channel, state="draft").id, make_title(make_channel(make_person())).id, new_id()):
        with pytest.raises(NotFoundError):
            give(channel, viewer, title_id=title_id)


@pytest.mark.parametrize("is_anonymous", [False, True])
def test_a_given_tip_is_told_once_and_names_whoever_wishes_it(channel, viewer, is_anonymous):
    open_tips(channel)
    tip = give(channel, viewer, message="For you", is_anonymous=is_anonymous)
    pay_with("paid", tip.hosted_url)
    payment = settle_payment(payment_id=tip.payment_id, at=now())
    with mock.patch.object(events, "publish") as publish:
        for _ in range(2):
            news = PaymentCaptured(payment.id, payment.reference, payment.amount, now())
            handlers.take_what_was_paid(news)
    [given] = [each.args[0] for each in publish.call_args_list]
    named = None if is_anonymous else viewer.id
    assert given == TipGiven(tip.id, channel.id, None, named, FIVE, "For you", given.at)
    assert [each.giver_id for each in api.list_received_tips(channel.id)] == [named]


def test_a_declined_tip_is_closed_and_gives_nothing(channel, viewer):
    open_tips(channel)
    tip = give(channel, viewer)
    pay("declined", tip.hosted_url)
    assert api.get_tip(tip.id, viewer.id).state is State.DECLINED
    assert books(channel) == [0, 0, 0]
    assert give(channel, viewer).state is State.DECLINED


def test_money_that_comes_late_is_taken_all_the_same(channel, viewer):
    open_tips(channel)
    tip = give(channel, viewer)
    mark_unsettled(reference=f"tip:{tip.id}", reason="No answer")
    assert api.get_tip(tip.id, viewer.id).state is State.UNKNOWN
    close(reference=f"tip:{tip.id}", reason="Nobody paid in time")
    pay("paid", tip.hosted_url)
    assert (api.get_tip(tip.id, viewer.id).state, books(channel)) == (State.PAID, [500, -50, -450])
    close(reference=f"tip:{tip.id}", reason="An old webhook")
    assert api.get_tip(tip.id, viewer.id).state is State.PAID


def keep_card(viewer, card="paid"):
    setup = open_method_setup(payer_id=viewer.id, return_path="/", idempotency_key=f"card:{card}", at=now())
    pay(card, setup.hosted_url)
    return list_methods(viewer.id)[0].id


def test_a_kept_card_is_charged_once_for_two_clicks(channel, viewer):
    open_tips(channel)
    card = keep_card(viewer)
    first, again = (give(channel, viewer, method_id=card) for _ in range(2))
    assert (first.state, again.state, first.id) == (State.PAID, State.PAID, again.id)
    with webhooks_arrive():
        run_jobs(but="media.")
    assert books(channel) == [500, -50, -450]


def test_a_kept_card_that_is_declined_leaves_nothing(channel, viewer):
    open_tips(channel)
    tip = give(channel, viewer, method_id=keep_card(viewer, "broke_later"))
    assert (tip.state, bool(tip.reason)) == (State.DECLINED, True)


def test_a_promise_about_a_tip_nobody_gave_is_refused(db):
    with pytest.raises(NotFoundError):
        api.return_promised_tip(tip_id=new_id(), at=now())


def test_nobody_pays_with_the_card_of_another(channel, viewer, stranger):
    open_tips(channel)
    with pytest.raises(NotFoundError):
        give(channel, stranger, method_id=keep_card(viewer))


def test_a_channel_gives_a_tip_back_once(channel, creator, viewer, stranger):
    tip = make_tip(channel, viewer)
    with pytest.raises(NotFoundError):
        api.refund_tip(tip_id=tip.id, by_id=stranger.id, idempotency_key="r", at=now())
    for _ in range(2):
        done = api.refund_tip(tip_id=tip.id, by_id=creator.id, idempotency_key="r", at=now())
        with webhooks_arrive():
            run_jobs(but="media.")
    assert (done.state, books(channel)) == (State.REFUNDED, [0, 0, 0])
    assert [each.kind for each in list_documents_of_buyer(viewer.id)].count("credit_note") == 1
    assert api.get_received_tip(channel_id=channel.id, tip_id=tip.id).left.amount_minor == 0


def test_an_administrator_gives_a_tip_back(channel, viewer, staff):
    tip = make_tip(channel, viewer)
    assert api.refund_tip(tip_id=tip.id, by_id=staff.id, idempotency_key="r", at=now()).state is State.REFUNDED


def test_a_refund_the_gateway_did_not_answer_yet_is_booked_later(channel, creator, viewer):
    tip = make_tip(channel, viewer)
    asked = mock.Mock(state=RefundState.ASKED)
    with mock.patch.object(give_back, "list_refunds", return_value=[asked]):
        assert api.refund_tip(tip_id=tip.id, by_id=creator.id, idempotency_key="r", at=now()).state is State.PAID
    with webhooks_arrive():
        run_jobs(but="media.")
    assert api.get_tip(tip.id, viewer.id).state is State.REFUNDED


def test_what_was_never_paid_cannot_be_given_back(channel, creator, viewer):
    open_tips(channel)
    tip = give(channel, viewer)
    TipRow.objects.update(payment_id=None)
    with pytest.raises(NothingToRefundError):
        api.refund_tip(tip_id=tip.id, by_id=creator.id, idempotency_key="r", at=now())


def test_a_giver_takes_it_back_where_the_terms_let_them(channel, viewer, stranger):
    tip = make_tip(channel, viewer)
    with pytest.raises(api.NotReturnableError):
        api.return_tip(tip_id=tip.id, giver_id=viewer.id, at=now())
    change = NewTerm(term=Term.REFUND_WITHIN_DAYS, value=3)
    set_terms(changes=[change], by_id=new_id(), at=now(), from_at=now())
    with pytest.raises(NotFoundError):
        api.return_tip(tip_id=tip.id, giver_id=stranger.id, at=now())
    for _ in range(2):
        assert api.return_tip(tip_id=tip.id, giver_id=viewer.id, at=now()).state is State.REFUNDED
    assert books(channel) == [0, 0, 0]


def refunded(tip, minor, refund_id=None, charged=FIVE, total=None):
    amount = Money(minor, "EUR")
    return PaymentRefunded(
        tip.payment_id, f"tip:{tip.id}", refund_id or new_id(), amount, total or amount, charged, now()
    )


def test_a_part_that_went_back_is_borne_in_proportion_and_the_rest_leaves_nothing(channel, viewer):
    tip = make_tip(channel, viewer)
    handlers.take_back_what_was_refunded(refunded(tip, 200))
    seen = api.get_received_tip(channel_id=channel.id, tip_id=tip.id)
    assert (seen.state, seen.refunded.amount_minor, seen.left.amount_minor) == (State.PAID, 200, 270)
    handlers.take_back_what_was_refunded(refunded(tip, 300, total=FIVE))
    assert books(channel)[1:] == [0, 0]
    assert api.get_tip(tip.id, viewer.id).state is State.REFUNDED


def test_a_refund_that_overtakes_the_capture_books_both(channel, viewer):
    open_tips(channel)
    tip = give(channel, viewer)
    pay_with("paid", tip.hosted_url)
    tip = api.get_tip(tip.id, viewer.id)
    news = refunded(tip, 500)
    for _ in range(3):
        handlers.take_back_what_was_refunded(news)
    assert api.get_tip(tip.id, viewer.id).state is State.REFUNDED
    assert books(channel) == [0, 0, 0]


def test_a_refund_that_comes_back_is_a_tip_again(channel, viewer):
    tip = make_tip(channel, viewer)
    news = refunded(tip, 500)
    handlers.take_back_what_was_refunded(news)
    failed = RefundFailed(tip.payment_id, f"tip:{tip.id}", news.refund_id, FIVE, now())
    for _ in range(2):
        handlers.give_again_what_came_back(failed)
    assert (api.get_tip(tip.id, viewer.id).state, books(channel)) == (State.PAID, [500, -50, -450])


def test_a_refund_that_came_back_before_it_was_told_is_never_booked(channel, viewer):
    tip = make_tip(channel, viewer)
    news = refunded(tip, 500)
    handlers.give_again_what_came_back(RefundFailed(tip.payment_id, f"tip:{tip.id}", news.refund_id, FIVE, now()))
    handlers.take_back_what_was_refunded(news)
    assert books(channel) == [500, -50, -450]


def test_a_part_that_comes_back_leaves_the_tip_given(channel, viewer):
    tip = make_tip(channel, viewer)
    news = refunded(tip, 200)
    handlers.take_back_what_was_refunded(news)
    handlers.give_again_what_came_back(
        RefundFailed(tip.payment_id, f"tip:{tip.id}", news.refund_id, Money(200, "EUR"), now())
    )
    assert (api.get_tip(tip.id, viewer.id).state, books(channel)) == (State.PAID, [500, -50, -450])


def test_what_is_left_after_a_part_went_back_is_lost_in_the_dispute(channel, viewer):
    tip = make_tip(channel, viewer)
    handlers.take_back_what_was_refunded(refunded(tip, 200))
    assert str(ReturnRow.objects.get()) == f"200 of tip:{tip.id}"
    lost = DisputeClosed(tip.payment_id, f"tip:{tip.id}", new_id(), Money(300, "EUR"), won=False, at=now())
    handlers.take_back_what_was_lost(lost)
    assert books(channel)[1:] == [0, 0]


def test_a_lost_dispute_is_borne_as_the_tip_was_shared(channel, viewer):
    tip = make_tip(channel, viewer)
    news = DisputeClosed(tip.payment_id, f"tip:{tip.id}", new_id(), FIVE, won=False, at=now())
    for _ in range(2):
        handlers.take_back_what_was_lost(news)
    assert balance_of("platform:suspense", "EUR").amount_minor == -500
    assert books(channel)[1:] == [0, 0]
    assert api.get_tip(tip.id, viewer.id).state is State.REFUNDED


def test_a_dispute_that_was_won_changes_nothing(channel, viewer):
    tip = make_tip(channel, viewer)
    handlers.take_back_what_was_lost(DisputeClosed(tip.payment_id, f"tip:{tip.id}", new_id(), FIVE, won=True, at=now()))
    assert api.get_tip(tip.id, viewer.id).state is State.PAID


def test_another_amount_than_asked_is_no_tip(channel, viewer):
    open_tips(channel)
    tip, charged = give(channel, viewer), Money(200, "EUR")
    handlers.take_back_what_was_refunded(refunded(tip, 1, charged=charged))
    assert api.get_tip(tip.id, viewer.id).state is State.PENDING
    for _ in range(2):
        handlers.take_back_what_was_refunded(refunded(tip, 200, charged=charged))
    lost = DisputeClosed(tip.payment_id, f"tip:{tip.id}", new_id(), charged, won=False, at=now())
    with mock.patch.object(note_refund, "get_payment", return_value=mock.Mock(charged_amount=charged)):
        handlers.take_back_what_was_lost(lost)
    assert (api.get_tip(tip.id, viewer.id).state, books(channel)) == (State.REFUNDED, [0, 0, 0])


def test_other_peoples_payments_are_not_ours(viewer):
    other, one = {"payment_id": new_id(), "reference": f"purchase:{new_id()}", "at": now()}, Money(1, "EUR")
    handlers.take_what_was_paid(PaymentCaptured(**other, amount=one))
    for handle in (handlers.close_what_was_not_paid, handlers.mark_what_is_unknown):
        handle(mock.Mock(reference=other["reference"]))
    handlers.take_back_what_was_refunded(
        PaymentRefunded(**other, refund_id=new_id(), amount=one, refunded=one, charged=one)
    )
    handlers.give_again_what_came_back(RefundFailed(**other, refund_id=new_id(), amount=one))
    handlers.take_back_what_was_lost(DisputeClosed(**other, dispute_id=new_id(), amount=one, won=False))
    assert not TipRow.objects.exists()


def test_news_from_payments_reaches_the_tip(channel, viewer):
    open_tips(channel)
    tip = give(channel, viewer)
    handlers.mark_what_is_unknown(mock.Mock(reference=f"tip:{tip.id}", reason="?"))
    assert api.get_tip(tip.id, viewer.id).state is State.UNKNOWN
    for payment_id in (tip.payment_id, None):
        api.note_return(payment_id=payment_id, at=now())


def test_a_stranger_finds_nothing(channel, viewer, stranger):
    tip = make_tip(channel, viewer)
    with pytest.raises(NotFoundError):
        api.get_tip(tip.id, stranger.id)
    with pytest.raises(NotFoundError):
        api.get_received_tip(channel_id=new_id(), tip_id=tip.id)
    assert api.list_received_tips(new_id()) == []
