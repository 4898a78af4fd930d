"""Coupons in words, in the studio and in the backoffice."""

from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from footlights.kernel.clock import now
from footlights.monetization.api import Coupon, Covers
from footlights.subscriptions.api import Interval

WHOLE_PERCENT = 100


def line_of(coupon: Coupon) -> dict[str, Any]:
    """What it takes off, and whether that is over."""
    over = coupon.withdrawn_at is not None or (coupon.ends_at is not None and coupon.ends_at <= now())
    language = get_language() or "en"
    if coupon.amount is not None:
        off = _("%(amount)s off") % {"amount": coupon.amount.format(language)}
    else:
        percent = (coupon.percent_bps or 0) / 100
        off = _("Free") if percent == WHOLE_PERCENT else _("%(percent)s %% off") % {"percent": f"{percent:g}"}
    if coupon.most is not None:
        off = _("%(off)s, at most %(most)s") % {"off": off, "most": coupon.most.format(language)}
    if lasts := lasts_of(coupon):
        off = f"{off}, {lasts}"
    return {"coupon": coupon, "off": off, "is_over": over}


def lasts_of(coupon: Coupon) -> str:
    """Of how many of a membership's payments it is taken off; empty of what is paid once."""
    if coupon.covers is not Covers.MEMBERSHIPS:
        return ""
    if coupon.periods is None:
        return _("as long as they stay")
    words: dict[str, str] = {
        Interval.MONTH: ngettext("the first month", "the first %(count)d months", coupon.periods),
        Interval.YEAR: ngettext("the first year", "the first %(count)d years", coupon.periods),
    }
    either = ngettext("the first payment", "the first %(count)d payments", coupon.periods)
    return words.get(coupon.interval, either) % {"count": coupon.periods}


def codes_to_take(codes: list[Any]) -> str:
    """A line for each code that still works."""
    return "\n".join([*(code.code for code in codes if code.uses_max is None or code.used < code.uses_max), ""])
