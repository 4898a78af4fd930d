"""The page one watches on."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from footlights.catalog.api import find_title_by_path, is_visible
from footlights.kernel.clock import now
from footlights.media.api import get_asset
from footlights.monetization.api import list_offers, may_watch
from footlights.playback.api import resume_at_ms, view_counts
from footlights.web.watch.player import player_context


@require_safe
def watch_title(request: HttpRequest, handle: str, slug: str) -> HttpResponse:
    """The player, or what it takes to get in. Changes nothing: the screen starts when the script asks."""
    at = now()
    title = find_title_by_path(handle, slug)
    if title is None or not is_visible(title, request.user.pk, at):
        raise Http404
    if request.path != f"{title.path}/watch":
        return redirect(f"{title.path}/watch", permanent=True)
    decision = may_watch(request.user.pk, title.id, at)
    context = {"title": title, "decision": decision}
    if not decision.allowed:
        return render(request, "watch/no_ticket.html", context | {"offers": list_offers(title.id)}, status=403)
    asset = get_asset(title.asset_id) if title.asset_id else None
    context |= player_context(title, asset, autoplay=True) | {
        "resume_at_ms": resume_at_ms(request.user.pk, title.id, title.duration_ms),
        "views": view_counts([title.id])[title.id],
    }
    return render(request, "watch/title.html", context)
