"""Sentences about an entitlement, for support and for the buyer, in the reader's language and time zone. Pure."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from footlights.monetization.records import Entitlement, Membership, OfferKind


def explain(entitlement: Entitlement, at: datetime) -> str:
    """A sentence such as: Rented 20:14, started 21:02, ends tomorrow 21:02."""
    parts = [_GRANTED[entitlement.kind]() % {"when": when(entitlement.granted_at, at)}]
    if entitlement.collection:
        parts.append(_("with “%(collection)s”") % {"collection": entitlement.collection})
    if entitlement.started_at:
        parts.append(_("started %(when)s") % {"when": when(entitlement.started_at, at)})
    end = entitlement.ends_at or entitlement.start_by
    if entitlement.revoked_at:
        parts.append(_("refunded %(when)s") % {"when": when(entitlement.revoked_at, at)})
    elif entitlement.ends_at and end:
        sentence = _("ended %(when)s") if at >= end else _("ends %(when)s")
        parts.append(sentence % {"when": when(end, at)})
    elif end:
        sentence = _("not started by %(when)s") if at >= end else _("to be started by %(when)s")
        parts.append(sentence % {"when": when(end, at)})
    return ", ".join(parts) + "."


def explain_held() -> str:
    return _(
        "You asked your bank to take back what you paid for this, so it waits until the bank has decided. If that was a"
        " mistake, tell your bank that you withdraw it: then it opens again by itself."
    )


def explain_membership(membership: Membership, at: datetime) -> str:
    """A sentence such as: Member since 1 March 20:14, until 1 April 20:14. Or that it is by the pass."""
    words = _("Member since %(since)s, until %(until)s.")
    if membership.channel_id is None:
        words = _("By the pass, which this channel takes part in: since %(since)s, until %(until)s.")
    return words % {"since": when(membership.granted_at, at), "until": when(membership.until, at)}


def when(moment: datetime, at: datetime) -> str:
    """A time of day; with the day when it is not today, and the year when it is not this one."""
    local, today = timezone.localtime(moment), timezone.localtime(at).date()
    clock = date_format(local, "H:i")
    if local.date() == today:
        return clock
    if local.date() == today + timedelta(days=1):
        return _("tomorrow %(time)s") % {"time": clock}
    if local.date() == today - timedelta(days=1):
        return _("yesterday %(time)s") % {"time": clock}
    day = date_format(local, "j F" if local.year == today.year else "j F Y")
    return _("%(day)s %(time)s") % {"day": day, "time": clock}


_GRANTED = {
    OfferKind.FREE: lambda: _("Taken for free %(when)s"),
    OfferKind.BUY: lambda: _("Bought %(when)s"),
    OfferKind.RENT: lambda: _("Rented %(when)s"),
    OfferKind.TICKET: lambda: _("With a ticket to the broadcast, since %(when)s"),
}
