"""The mails of a membership: that it began, that its free days end, that a card was declined, that it has ended."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format

from footlights.catalog.api import get_channel
from footlights.kernel.events import subscribe
from footlights.subscriptions.api import State, Subscription, get_subscription
from footlights.subscriptions.events import RenewalDeclined, SubscriptionBegan, SubscriptionEnded, TrialEndsSoon
from footlights.web import letters
from footlights.web.memberships.leaving import token_of
from footlights.web.memberships.words import price_words


@subscribe(SubscriptionBegan)
def welcome(event: SubscriptionBegan) -> None:
    own = get_subscription(event.subscription_id)
    until = date_format(own.period_end, "DATE_FORMAT") if own.period_end else ""
    _send(own, "began", is_trial=event.is_trial, until=until)


@subscribe(TrialEndsSoon)
def say_that_the_trial_ends(event: TrialEndsSoon) -> None:
    own = get_subscription(event.subscription_id)
    if own.state is State.TRIALING and own.trial_ends_at:  # who left meanwhile is not charged, and not written to
        _send(own, "trial_ends", until=date_format(own.trial_ends_at, "DATE_FORMAT"))


@subscribe(RenewalDeclined)
def ask_for_another_card(event: RenewalDeclined) -> None:
    own = get_subscription(event.subscription_id)
    cards_link = _link("memberships:cards")
    _send(
        own,
        "declined",
        reason=event.reason,
        next_try=date_format(event.next_try_at, "DATE_FORMAT"),
        cards_link=cards_link,
    )


@subscribe(SubscriptionEnded)
def say_that_it_is_over(event: SubscriptionEnded) -> None:
    _send(get_subscription(event.subscription_id), "ended", reason=event.reason)


def _send(own: Subscription, letter: str, **more: Any) -> None:
    channel = get_channel(own.channel_id)
    is_pass = own.plan.is_pass  # sold by a channel of the house, whose name says nothing to its holder
    letters.send_to_person(
        own.subscriber_id,
        f"memberships/email/{letter}",
        name_of_it=own.plan.name if is_pass else channel.name,
        what=own.plan.name if is_pass else f"{channel.name} ({own.plan.name})",
        is_pass=is_pass,
        channel=channel.name,
        plan=own.plan.name,
        price=price_words(own.terms),
        link=_link("memberships:membership", own.id),
        leave_link=_link("memberships:cancelled_by_mail", token_of(own)),
        join_link=_link("memberships:pass") if is_pass else _link("memberships:tiers", channel.handle),
        **more,
    )


def _link(name: str, *args: str | UUID) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=args)}"
