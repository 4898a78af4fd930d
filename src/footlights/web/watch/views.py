"""The page one watches on."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from footlights.accounts.api import Permission
from footlights.catalog.api import Title, find_title_by_path, is_visible, title_access_lately
from footlights.engagement.api import find_replay
from footlights.kernel.clock import now
from footlights.media.api import get_asset_to_play
from footlights.monetization.api import Decision, Reason, list_offers, may_go_on_watching
from footlights.playback.api import resume_and_views
from footlights.web.replay.admission import is_played
from footlights.web.rooms.endpoints import speaker_id
from footlights.web.storefront.standing import standing_of
from footlights.web.watch.chapters import asked_moment_s, chapter_lines
from footlights.web.watch.following import following_of
from footlights.web.watch.player import player_context
from footlights.web.whereabouts import reach_of_request

RULES = {"prefetch": [{"where": {"href_matches": "/@*/*/watch"}, "eagerness": "moderate"}]}


@cache_control(public=True, max_age=86_400)
@require_safe
def speculation_rules(_request: HttpRequest) -> HttpResponse:
    """Browsers may fetch the page below while a pointer rests on its link; they keep it for that reader's click alone.

    https://html.spec.whatwg.org/multipage/speculative-loading.html
    """
    return JsonResponse(RULES, content_type="application/speculationrules+json")


@never_cache
@require_safe
def watch_title(request: HttpRequest, handle: str, slug: str) -> HttpResponse:
    """The player, or what it takes to get in. Changes nothing: the screen starts when the script asks."""
    at = now()
    title = find_title_by_path(handle, slug)
    if title is None:
        raise Http404
    decision = may_go_on_watching(request.user.pk, title.id, at)  # of the title as it was read just now
    is_out = is_visible(title, request.user.pk, at)
    if not decision.allowed and not is_out and decision.reason is not Reason.PRESS_OVER:
        raise Http404
    if request.path != f"{title.path}/watch":
        return redirect(f"{title.path}/watch", permanent=True)
    if not decision.allowed:
        offers = list_offers(title.id, reach_of_request(request)) if is_out else []
        standing = standing_of(title=title, offers=offers, decision=decision, at=at)
        context = {
            "title": title,
            "standing": standing,
            "is_out": is_out,
            "signed_in": request.user.is_authenticated,
        }
        return render(request, "watch/no_ticket.html", context, status=403)
    return render(request, "watch/title.html", _page(request, title, decision))


def _page(request: HttpRequest, title: Title, decision: Decision) -> dict[str, object]:
    """What the page shows. A rental nobody started yet waits for a press: its hours begin then, as a screening's do."""
    start_note = _START_NOTES[decision.reason]() if decision.reason in _START_NOTES and not decision.ends_at else ""
    asset = get_asset_to_play(title.asset_id) if title.asset_id else None
    replay, access = find_replay(title.id), title_access_lately(title.id, request.user.pk)
    resume_at_ms, views = resume_and_views(request.user.pk, title.id, title.duration_ms)
    return player_context(title, asset, autoplay=not start_note) | {
        "decision": decision,
        "following": following_of(title, request.user.pk, now()),
        "start_note": start_note,
        "resume_at_ms": resume_at_ms,
        "start_at_s": asked_moment_s(request),
        "chapters": chapter_lines(title.id),
        "views": views,
        "replay": replay if is_played(replay) else None,
        "may_vote": speaker_id(request) is not None,
        "may_moderate": access is not None and access.may(Permission.MODERATE),
    }


_START_NOTES = {
    Reason.RENTED: lambda: _("The hours of your rental begin when you press play."),
    Reason.PRESS: lambda: _("A press screening begins when you press play, and lasts a day."),
}
