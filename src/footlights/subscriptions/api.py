"""The door of subscriptions."""

from footlights.subscriptions.errors import (
    AlreadySubscribedError,
    CardDeclinedError,
    NotNowError,
    SubscriptionError,
    TermsChangedError,
)
from footlights.subscriptions.figures import member_figures, members_by_day
from footlights.subscriptions.operations.begin_trial import begin_trial, note_method
from footlights.subscriptions.operations.change_plan import change_plan, quote_change
from footlights.subscriptions.operations.end_now import end_now, quote_end
from footlights.subscriptions.operations.leave import cancel, come_back
from footlights.subscriptions.operations.local_terms import agree_abroad
from footlights.subscriptions.operations.note_agreed import note_agreed
from footlights.subscriptions.operations.note_return import note_return
from footlights.subscriptions.operations.offer_pass import offer_pass, withdraw_pass
from footlights.subscriptions.operations.offer_plan import offer_plan, withdraw_plan
from footlights.subscriptions.operations.pause import MAX_MONTHS, pause, resume
from footlights.subscriptions.operations.quote_join import quote_join
from footlights.subscriptions.operations.quote_next import quote_next
from footlights.subscriptions.operations.share_pass import share_due
from footlights.subscriptions.operations.subscribe import subscribe
from footlights.subscriptions.passes import (
    count_passes,
    find_pass,
    has_pass,
    list_pass_months,
    pass_earnings,
    pass_earnings_by_title,
    waiting_to_be_shared,
)
from footlights.subscriptions.policies.changes import price_of_period
from footlights.subscriptions.policies.local import asked_at_home, subject_of
from footlights.subscriptions.policies.pricing import MAX_TIER
from footlights.subscriptions.queries import (
    borne_with,
    explain_period,
    find_living,
    find_paid_by,
    get_plan,
    get_subscription,
    get_terms,
    is_held,
    list_invoices,
    list_members,
    list_plans,
    list_subscriptions,
    may_try,
)
from footlights.subscriptions.records import (
    Change,
    Cohort,
    DayOfMembers,
    Interval,
    Invoice,
    InvoiceState,
    Joining,
    MemberFigures,
    NewTerms,
    PaidPeriod,
    PassEarning,
    PassMonth,
    Plan,
    State,
    Subscription,
    Terms,
    Watched,
)
from footlights.subscriptions.recurring import cohorts, recurring_by_day
from footlights.subscriptions.watch_time import register_watch_time

__all__ = [
    "MAX_MONTHS",
    "MAX_TIER",
    "AlreadySubscribedError",
    "CardDeclinedError",
    "Change",
    "Cohort",
    "DayOfMembers",
    "Interval",
    "Invoice",
    "InvoiceState",
    "Joining",
    "MemberFigures",
    "NewTerms",
    "NotNowError",
    "PaidPeriod",
    "PassEarning",
    "PassMonth",
    "Plan",
    "State",
    "Subscription",
    "SubscriptionError",
    "Terms",
    "TermsChangedError",
    "Watched",
    "agree_abroad",
    "asked_at_home",
    "begin_trial",
    "borne_with",
    "cancel",
    "change_plan",
    "cohorts",
    "come_back",
    "count_passes",
    "end_now",
    "explain_period",
    "find_living",
    "find_paid_by",
    "find_pass",
    "get_plan",
    "get_subscription",
    "get_terms",
    "has_pass",
    "is_held",
    "list_invoices",
    "list_members",
    "list_pass_months",
    "list_plans",
    "list_subscriptions",
    "may_try",
    "member_figures",
    "members_by_day",
    "note_agreed",
    "note_method",
    "note_return",
    "offer_pass",
    "offer_plan",
    "pass_earnings",
    "pass_earnings_by_title",
    "pause",
    "price_of_period",
    "quote_change",
    "quote_end",
    "quote_join",
    "quote_next",
    "recurring_by_day",
    "register_watch_time",
    "resume",
    "share_due",
    "subject_of",
    "subscribe",
    "waiting_to_be_shared",
    "withdraw_pass",
    "withdraw_plan",
]
