"""Memberships for tests, of this context and of others: a plan, and somebody who has paid for it."""

from datetime import datetime
from typing import Any

from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.payments.testing import pay_with, webhooks_arrive
from footlights.subscriptions.api import (
    Interval,
    NewTerms,
    Plan,
    Subscription,
    get_subscription,
    offer_pass,
    offer_plan,
    subscribe,
)
from footlights.subscriptions.operations.advance import advance, ask, list_due, list_unsent


def make_plan(
    channel: Any,
    *,
    tier: int = 1,
    month: int | None = 1_000,
    year: int | None = None,
    currency: str = "EUR",
    **more: Any,
) -> Plan:
    """A tier of `channel` (a record): 10.00 EUR a month unless told otherwise."""
    prices = [(Interval.MONTH, month), (Interval.YEAR, year)]
    return offer_plan(
        channel_id=channel.id,
        editor_id=channel.owner_id,
        tier=tier,
        name=more.pop("name", f"Tier {tier}"),
        words=more.pop("words", ""),
        terms=[NewTerms(each, Money(price, currency), **more) for each, price in prices if price],
        at=now(),
    )


def make_pass(staff: Any, *, month: int = 1_000, year: int | None = None, **more: Any) -> Plan:
    """The house's pass: 10.00 EUR a month unless told otherwise."""
    prices = [(Interval.MONTH, month), (Interval.YEAR, year)]
    terms = [NewTerms(each, Money(price, "EUR"), **more) for each, price in prices if price]
    return offer_pass(editor_id=staff.id, name="The pass", words="", terms=terms, at=now())


def begin(
    person: Any, plan: Plan, *, card: str = "paid", yearly: bool = False, at: datetime | None = None, country: str = ""
) -> Subscription:
    """Let `person` subscribe and pay, and what payments and subscriptions do follow from it; mails wait."""
    terms = plan.terms[-1 if yearly else 0]
    key = str(new_id())
    begun = subscribe(subscriber_id=person.id, terms_id=terms.id, idempotency_key=key, at=at or now(), country=country)
    pay_with(card, begun.hosted_url)
    with webhooks_arrive():
        run_jobs(only="payments")
    run_jobs(only="subscriptions")
    return get_subscription(begun.id)


def advance_due(*, at: datetime) -> None:
    """What the sweep of that moment defers, here and now."""
    for subscription_id in list_due(at=at):
        advance(subscription_id=subscription_id, at=at)
    for attempt_id in list_unsent(at=at):
        ask(attempt_id=attempt_id, at=at)
