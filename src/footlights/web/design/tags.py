"""Template tags and filters of the design system; built in, so that no template loads them.

They turn records into markup and never query. Nothing they write needs an inline style: measures are attributes of SVG.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django import template
from django.forms.boundfield import BoundField
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from footlights.kernel.money import Money
from footlights.web.design import page
from footlights.web.design.icons import ICONS, TURNS

if TYPE_CHECKING:
    from footlights.media.api import Picture

register = template.Library()

FALLBACK_WIDTH = 960  # for browsers that choose no source themselves


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """{% icon "play" %}: decorative unless it has a label."""
    turns = " icon-turns" if name in TURNS else ""
    meaning = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return mark_safe(f'<svg class="icon{turns}" viewBox="0 0 24 24" {meaning}>{ICONS[name]}</svg>')  # noqa: S308  ICONS is ours


@register.simple_tag(takes_context=True)
def theme(context: Context) -> SafeString:
    """The reader's own theme; a hole on a page that many share."""
    request = context.get("request")
    if request is None and "theme_choice" not in context:
        return page.hole("theme")
    choice = request.COOKIES.get("theme") if request else context["theme_choice"]
    return mark_safe(page.theme_attribute(choice))  # noqa: S308  one of THEMES


@register.simple_tag(takes_context=True)
def currency_link(context: Context) -> SafeString:
    """The way to another currency, in the page's foot; a hole on a page that many share."""
    request = context.get("request")
    return page.hole("currency") if request is None else mark_safe(page.currency_link(request))  # noqa: S308  made of format_html


@register.simple_tag
def hole(name: str) -> SafeString:
    """{% hole "toasts" %}: where a shared page takes in a personal part (page.py)."""
    return page.hole(name)


@register.filter
def money(amount: Money | None) -> str:
    """As this reader writes it: €4.00, 4,00 €."""
    return "" if amount is None else amount.format(get_language() or "en")


@register.filter
def duration(length_ms: int | None) -> str:
    """How long a work is, for people: 1 h 42 min, 12 min, 48 s."""
    if not length_ms:
        return ""
    seconds = round(length_ms / 1000)
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours:
        return (
            _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
            if minutes
            else _("%(hours)d h") % {"hours": hours}
        )
    if seconds >= 60:  # noqa: PLR2004  a minute
        return _("%(minutes)d min") % {"minutes": minutes}
    return _("%(seconds)d s") % {"seconds": seconds}


@register.filter
def timecode(length_ms: int | None) -> str:
    """As a clock shows it: 1:42:10, 0:48. Nothing while the length is unknown."""
    if length_ms is None:
        return ""
    seconds = round(length_ms / 1000)
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@register.filter
def iso_duration(length_ms: int | None) -> str:
    """ISO 8601: PT1H42M10S."""
    seconds = round((length_ms or 0) / 1000)
    return f"PT{seconds // 3600}H{seconds % 3600 // 60}M{seconds % 60}S"


@register.filter
def time_left(until: datetime, at: datetime) -> str:
    """What is left of a rental: 3 days, 40 hours, 25 minutes. Rounded down, so that it does not promise too much.

    But what has only just begun is whole: thirty days are thirty in their first hour, 48 hours in their first minute.
    """
    minutes = max(0, int((until - at).total_seconds() // 60))
    if minutes >= 72 * 60:
        days = (minutes + 60) // 1440
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if minutes >= 60:  # noqa: PLR2004  an hour
        hours = (minutes + 1) // 60
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


@register.filter
def size(count: int | None) -> str:
    """Bytes for people: 812 KB, 1.4 GB."""
    value, units = float(count or 0), ["B", "KB", "MB", "GB", "TB"]
    while value >= 1000 and len(units) > 1:  # noqa: PLR2004  decimal, as disks are sold
        value, units = value / 1000, units[1:]
    return f"{value:.0f} {units[0]}" if value >= 10 or units[0] == "B" else f"{value:.1f} {units[0]}"  # noqa: PLR2004


@register.filter
def initial(text: str) -> str:
    return (text or "?").strip()[:1]


@register.simple_tag
def when(at: datetime | None, show: str = "moment") -> SafeString:
    """{% when at "date" %}: in the reader's zone, as "date", "time", "moment" or "ago"; UTC until scripts arrive."""
    if at is None:
        return SafeString()
    iso = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    plain = {"date": f"{at:%-d %b %Y}", "time": f"{at:%H:%M} UTC"}.get(show, f"{at:%-d %b %Y, %H:%M} UTC")
    return format_html('<time datetime="{}" data-island="time" data-as="{}">{}</time>', iso, show, plain)


@register.simple_tag
def picture(
    image: "Picture | None", sizes: str = "100vw", alt: str = "", *, eager: bool = False, upto: int = 0
) -> SafeString:
    """A picture in the sizes the store made, over its own colour, AVIF before WebP. Its frame gives it its place.

    `upto` leaves out the widths above it, where the frame never needs them; a row of cards is half as long without.
    """
    if image is None:
        return SafeString()
    by_type: dict[str, list[tuple[int, str]]] = {}
    narrowest = min((width for width, _url, _type in image.sources), default=0)
    for width, url, content_type in image.sources:
        if not upto or width <= max(upto, narrowest):
            by_type.setdefault(content_type, []).append((width, url))
    sources = format_html_join(
        "",
        '<source type="{}" srcset="{}" sizes="{}">',
        (
            (kind, ", ".join(f"{url} {width}w" for width, url in sorted(by_type[kind])), sizes)
            for kind in ("image/avif", "image/webp")
            if kind in by_type
        ),
    )
    plain = by_type.get("image/webp") or by_type.get("image/avif") or [(0, "")]
    fallback = max((item for item in plain if item[0] <= FALLBACK_WIDTH), default=min(plain))[1]
    how = mark_safe('fetchpriority="high"') if eager else mark_safe('loading="lazy" decoding="async"')
    return format_html(
        '<svg class="tint" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="1" height="1" fill="{}"/></svg>'
        '<picture>{}<img src="{}" alt="{}" width="{}" height="{}" {}></picture>',
        image.color, sources, fallback, alt, image.width, image.height, how,
    )  # fmt: skip


@register.simple_tag
def sparkline(values: Sequence[float | Decimal | int], label: str = "") -> SafeString:
    """A line of the last days, no axes: the figure beside it says the number, `label` says the trend."""
    numbers = [float(value) for value in values]
    if len(numbers) < 2:  # noqa: PLR2004  a line needs two points
        return SafeString()
    top, bottom = max(numbers), min(numbers)
    reach = (top - bottom) or 1
    points = " ".join(
        f"{100 * at / (len(numbers) - 1):.1f},{30 - 28 * (value - bottom) / reach - 1:.1f}"
        for at, value in enumerate(numbers)
    )
    meaning = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="sparkline" viewBox="0 0 100 30" preserveAspectRatio="none" {}><polyline points="{}"/></svg>',
        meaning,
        points,
    )


@register.inclusion_tag("design/components/chart.html")
def chart(days: Sequence[tuple[date, Money | int]], title: str, unit: str = "") -> dict[str, object]:
    """{% chart daily_earnings "Earned per day" %}: bars, and the same numbers as a table behind them.

    Amounts, or counts; `unit` says of what. What is below zero hangs from the line.
    """
    values = [float(amount.decimal if isinstance(amount, Money) else amount) for _day, amount in days]
    top, bottom = max([0.0, *values]), min([0.0, *values])
    scale, width = 100 / (top - bottom or 1), 100 / max(1, len(days))
    bars = [
        {
            "x": f"{at * width + width * 0.14:.3f}",
            "width": f"{width * 0.72:.3f}",
            "y": f"{(top - max(value, 0.0)) * scale:.2f}",
            "height": f"{abs(value) * scale:.2f}",
            "is_below": value < 0,
            "day": day,
            "words": _words_of(amount),
        }
        for at, ((day, amount), value) in enumerate(zip(days, values, strict=True))
    ]
    highest = max(zip(values, days, strict=True), key=lambda each: each[0], default=None)
    return {
        "title": title,
        "bars": bars,
        "zero": f"{top * scale if top or bottom else 100:.2f}",
        "first": days[0][0] if days else None,
        "last": days[-1][0] if days else None,
        "highest": _words_of(highest[1][1]) if highest and highest[0] > 0 else "",
        "unit": unit or _("Amount"),
    }


def _words_of(amount: Money | int) -> str:
    return money(amount) if isinstance(amount, Money) else str(amount)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return getattr(field.field.widget, "input_type", "") == "checkbox"
