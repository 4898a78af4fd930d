"""The hero's button for somebody who is signed in: whoever has the work already is not asked to buy it."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from footlights.kernel.shared import Shared
from footlights.monetization.api import may_go_on_watching
from footlights.web.design.page import part
from footlights.web.storefront.content import Hero

FRESH_S = 5.0

_held: Shared[bool] = Shared(fresh_s=FRESH_S, stale_s=0, capacity=5_000)
_buttons: Shared[str] = Shared(fresh_s=FRESH_S, stale_s=0, capacity=100)


def hero_action(hero: Hero | None, viewer_id: UUID | None, at: datetime) -> str:
    """Empty where the button is the same for everybody. One query within five seconds; nothing is allowed by it."""
    if hero is None or viewer_id is None or hero.plays:
        return ""
    title_id = hero.title.id
    has_it = _held.get((viewer_id, title_id), lambda: may_go_on_watching(viewer_id, title_id, at).allowed)
    key = (get_language() or "en", title_id, hero.action_label, hero.action_href, has_it)
    return _buttons.get(key, lambda: _button(hero, has_it=has_it))


def _button(hero: Hero, *, has_it: bool) -> str:
    label, href, icon = hero.action_label, hero.action_href, ""
    if has_it:
        label = _("Watch") if hero.title.kind == "video" else _("Listen")
        href = reverse("watch:title", args=[hero.title.channel_handle, hero.title.slug])
        icon = "play"
    return part(
        "design/components/button.html",
        {"label": label, "href": href, "icon": icon, "kind": "primary", "size": "large"},
    )
