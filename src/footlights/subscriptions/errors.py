"""What can be wrong with a plan or a subscription."""

from footlights.kernel.errors import FootlightsError


class SubscriptionError(FootlightsError):
    code = "subscription"


class AlreadySubscribedError(SubscriptionError):
    """They are a member of this channel already; nothing was charged."""

    code = "already_subscribed"


class TermsChangedError(SubscriptionError):
    """What was shown is not what it costs now. Show it again; nothing was charged."""

    code = "terms_changed"


class NotNowError(SubscriptionError):
    """Where the subscription stands, this cannot be done. The message says why."""

    code = "not_now"


class CardDeclinedError(SubscriptionError):
    """The card was declined, or there is none; nothing was charged and nothing has changed."""

    code = "card_declined"
