"""The closed list of what the trail knows, and how each act is told to people. A new act is a new line here."""

from enum import StrEnum
from typing import Any, Self

from django.utils.translation import gettext_lazy as _


class Act(StrEnum):
    """A dotted name, kept for ever: the object's kind, then what happened to it."""

    words: Any

    def __new__(cls, name: str, words: Any) -> Self:
        act = str.__new__(cls, name)
        act._value_ = name
        act.words = words
        return act

    SESSION_STARTED = "session.started", _("Signed in")
    SESSION_REFUSED = "session.refused", _("Failed to sign in")
    SESSION_ENDED = "session.ended", _("Signed out")
    PERSON_JOINED = "person.joined", _("Joined")
    PERSON_RENAMED = "person.renamed", _("Changed the name")
    PERSON_MADE_ADMINISTRATOR = "person.made_administrator", _("Became an administrator")
    ROLE_GIVEN = "role.given", _("Was given a role")
    ROLE_TAKEN = "role.taken", _("Lost a role")
    FIELD_REFUSED = "field.refused", _("Sent a field that no form has")
    VIEWED_AS = "title.viewed_as", _("Looked at a title as somebody else")
    TEAM_INVITED = "team.invited", _("Invited somebody to the team")
    TEAM_INVITATION_WITHDRAWN = "team.invitation_withdrawn", _("Withdrew an invitation to the team")
    TEAM_JOINED = "team.joined", _("Joined the team")
    TEAM_ROLE_CHANGED = "team.role_changed", _("Changed a role in the team")
    TEAM_REMOVED = "team.removed", _("Removed somebody from the team")
    TEAM_LEFT = "team.left", _("Left the team")
    PASSWORD_CHANGED = "password.changed", _("Changed the password")
    PASSWORD_RESET = "password.reset", _("Reset the password")
    SECOND_FACTOR_ADDED = "factor.added", _("Set up a second step")
    SECOND_FACTOR_REMOVED = "factor.removed", _("Removed a second step")
    SECOND_FACTOR_REFUSED = "factor.refused", _("Failed the second step")
    SERVICE_LINKED = "service.linked", _("Linked another service's account")
    SERVICE_UNLINKED = "service.unlinked", _("Unlinked another service's account")
    MAIL_CHANGED = "mail.changed", _("Changed the e-mail address")
    MAIL_CONFIRMED = "mail.confirmed", _("Confirmed the e-mail address")
    PERSON_LOOKED_AT = "person.looked_at", _("Looked at somebody's data")
    PERSON_UNMASKED = "person.unmasked", _("Looked at somebody's name and address")
    TERMS_CHANGED = "terms.changed", _("Changed the platform's terms")
    SPLIT_PROPOSED = "split.proposed", _("Proposed to share what is earned")
    SPLIT_SIGNED = "split.signed", _("Agreed to share what is earned")
    SPLIT_DECLINED = "split.declined", _("Declined to share what is earned")
    SPLIT_WITHDRAWN = "split.withdrawn", _("Withdrew a proposal to share what is earned")
    SETTINGS_CHANGED = "settings.changed", _("Changed the service's settings")
    UPLOAD_STARTED = "upload.started", _("Started an upload")
    UPLOAD_FINISHED = "upload.finished", _("Finished an upload")
    UPLOAD_DELETED = "upload.deleted", _("Took an upload back")
    UPLOAD_EXPIRED = "upload.expired", _("An upload was not finished in time")
    FILE_DELETED = "file.deleted", _("Deleted a file")
    FILE_RETRIED = "file.retried", _("Tried a file again")
    CHANNEL_OPENED = "channel.opened", _("Opened a channel")
    CHANNEL_CHANGED = "channel.changed", _("Changed the channel")
    CHANNEL_EMBEDDING_CHANGED = "channel.embedding_changed", _("Changed who may embed")
    TITLE_CREATED = "title.created", _("Made a title")
    TITLE_CHANGED = "title.changed", _("Changed a title")
    TITLE_PUBLICATION_CHANGED = "title.publication_changed", _("Changed who finds a title")
    TITLE_DELETED = "title.deleted", _("Deleted a title")
    TITLE_RESTORED = "title.restored", _("Brought a title back")
    TITLE_PURGED = "title.purged", _("Removed a title for good")
    COLLECTION_MADE = "collection.made", _("Made a collection")
    COLLECTION_CHANGED = "collection.changed", _("Changed a collection")
    COLLECTION_DELETED = "collection.deleted", _("Deleted a collection")
    PRICE_CHANGED = "price.changed", _("Changed a price")
    COUPON_MADE = "coupon.made", _("Made a coupon")
    COUPON_WITHDRAWN = "coupon.withdrawn", _("Ended a coupon")
    PURCHASE_BEGUN = "purchase.begun", _("Began a purchase")
    PURCHASE_PAID = "purchase.paid", _("Paid for a purchase")
    PURCHASE_REFUNDED = "purchase.refunded", _("Was given the money back")
    PLAN_CHANGED = "plan.changed", _("Changed a membership that is offered")
    SUBSCRIPTION_BEGUN = "subscription.begun", _("Began a membership")
    SUBSCRIPTION_PAID = "subscription.paid", _("Paid for a membership")
    SUBSCRIPTION_CHANGED = "subscription.changed", _("Chose another membership")
    SUBSCRIPTION_PAUSED = "subscription.paused", _("Paused a membership")
    SUBSCRIPTION_RESUMED = "subscription.resumed", _("Went on with a membership")
    SUBSCRIPTION_CANCELLED = "subscription.cancelled", _("Cancelled a membership")
    SUBSCRIPTION_RETURNED = "subscription.returned", _("Took a cancellation back")
    SUBSCRIPTION_REFUNDED = "subscription.refunded", _("Was given money of a membership back")
    SUBSCRIPTION_ENDED = "subscription.ended", _("Ended a membership")
    RENTAL_STARTED = "rental.started", _("Began to watch a rental")
    REFUND_ASKED = "refund.asked", _("Gave money back")
    PAYMENT_OPENED = "payment.opened", _("Opened a payment")
    PAYMENT_SETTLED = "payment.settled", _("Settled a payment")
    TAX_REGISTERED = "tax.registered", _("Said where we pay taxes")
    TAX_REGISTRATION_ENDED = "tax.registration_ended", _("Ended paying taxes somewhere")
    SELLER_CHANGED = "seller.changed", _("Changed who sells")
    DISPUTE_OPENED = "dispute.opened", _("A bank took a payment back")
    DISPUTE_ANSWERED = "dispute.answered", _("Answered a dispute")
    DISPUTE_CLOSED = "dispute.closed", _("A bank decided a dispute")
    PAYOUT_ASKED = "payout.asked", _("Sent earnings")
    PAYOUT_SETTLED = "payout.settled", _("Learned what became of a payout")
    METHOD_SAVED = "method.saved", _("Let a way of paying be kept")
    METHOD_FORGOTTEN = "method.forgotten", _("Had a way of paying forgotten")
    PAYOUT_DESTINATION_SET = "payout.destination_set", _("Changed where payouts go")
    PAYOUT_REQUESTED = "payout.requested", _("Asked for a payout")
    PAYOUT_APPROVED = "payout.approved", _("Approved a payout")
    PAYOUT_REFUSED = "payout.refused", _("Refused a payout")
    PAYOUT_PAID = "payout.paid", _("Paid out")
    PAYOUT_RETURNED = "payout.returned", _("A payout came back")
    PAYOUT_HELD = "payout.held", _("Held earnings back")
    PAYOUT_HOLD_ENDED = "payout.hold_ended", _("Released earnings that were held back")
    JOB_RETRIED = "job.retried", _("Ran a job again")
    JOB_CANCELLED = "job.cancelled", _("Cancelled a job")
    KEYS_ROTATED = "keys.rotated", _("Sealed everything with a new key")
    KEY_RETIRED = "key.retired", _("Dropped an old key")
    ALERT_ACKNOWLEDGED = "alert.acknowledged", _("Took on an alert")
    ALERTS_SILENCED = "alert.silenced", _("Silenced alerts")
    ALERTS_HEARD_AGAIN = "alert.heard_again", _("Ended a silence of alerts")
    ALERT_DESTINATION_ADDED = "alert.destination_added", _("Added a destination of alerts")
    ALERT_DESTINATION_REMOVED = "alert.destination_removed", _("Removed a destination of alerts")
    BOOKS_EXPORTED = "books.exported", _("Exported the books")
    TRAIL_EXPORTED = "trail.exported", _("Exported the trail")
    TRAIL_BROKEN = "trail.broken", _("Found the trail altered")
    TRAIL_RETIRED = "trail.retired", _("Dropped a month of the trail")


_BY_NAME = {act.value: act for act in Act}


def words_of(name: str) -> str:
    act = _BY_NAME.get(name)
    return str(act.words) if act else name
