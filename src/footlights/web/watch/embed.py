"""The player inside other websites: only where the channel allows it, and only what this viewer may watch."""

from functools import partial
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from footlights.catalog.api import Title, find_title_by_path, get_title, is_visible
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.media.api import get_asset
from footlights.monetization.api import may_watch
from footlights.playback.api import get_embed_policy, resume_at_ms
from footlights.web.watch.player import player_context

WIDTH, HEIGHT = 1280, 720  # the largest a consumer is offered; the player fills whatever it gets
absolute = partial("{}{}".format, settings.SITE_URL)


@xframe_options_exempt  # frame-ancestors below is the newer, finer rule
@require_safe
def embedded_player(request: HttpRequest, title_id: UUID) -> HttpResponse:
    """The bare player. Starts nothing until it is clicked, so that a page full of embeds stays quiet."""
    at = now()
    try:
        title = get_title(title_id)
    except NotFoundError as error:
        raise Http404 from error
    if not is_visible(title, request.user.pk, at):
        raise Http404
    decision = may_watch(request.user.pk, title.id, at)
    context: dict[str, Any] = {"title": title, "decision": decision, "site_url": settings.SITE_URL}
    if decision.allowed:
        asset = get_asset(title.asset_id) if title.asset_id else None
        context |= player_context(title, asset, autoplay=False)
        context["resume_at_ms"] = resume_at_ms(request.user.pk, title.id, title.duration_ms)
    response = render(request, "watch/embed.html", context)
    policy = get_embed_policy(title.channel_id)
    response._csp_replace = {"frame-ancestors": ["'self'", *policy.frame_ancestors]}  # type: ignore[attr-defined]  # noqa: SLF001  django-csp's own protocol
    return response


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """Describe the title at `url` (oEmbed 1.0, https://oembed.com): a player where anybody may watch, else a link."""
    if request.GET.get("format", "json") != "json":
        return HttpResponse("Only JSON is offered.", status=501, content_type="text/plain")
    title = _title_at(request.GET.get("url", ""))
    at = now()
    if title is None or not is_visible(title, None, at):
        raise Http404
    answer: dict[str, Any] = {
        "version": "1.0",
        "type": "link",
        "title": title.name,
        "author_name": title.channel_name,
        "author_url": absolute(f"/@{title.channel_handle}"),
        "provider_name": settings.SITE_NAME,
        "provider_url": settings.SITE_URL,
        "cache_age": 3600,
    }
    if picture := title.poster:
        width, address, _kind = max(picture.sources, key=lambda source: source[0])
        height = round(width * picture.height / picture.width)
        answer |= {"thumbnail_url": absolute(address), "thumbnail_width": width, "thumbnail_height": height}
    policy = get_embed_policy(title.channel_id)
    if (policy.anywhere or policy.domains) and may_watch(None, title.id, at).allowed:
        width, height = _size(request)
        answer |= {"type": "video", "width": width, "height": height, "html": _iframe(title, width, height)}
    response = JsonResponse(answer)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _title_at(address: str) -> Title | None:
    """The title whose page, watch page or embed `address` is; None when it is not one of ours."""
    try:
        parts = urlsplit(address)
        match = resolve(parts.path)
        if f"{parts.scheme}://{parts.netloc}" != settings.SITE_URL:
            return None
        if match.view_name in {"storefront:title", "watch:title"}:
            return find_title_by_path(match.kwargs["handle"], match.kwargs["slug"])
        return get_title(match.kwargs["title_id"]) if match.view_name == "watch:embed" else None
    except (ValueError, Resolver404, NotFoundError):
        return None


def _size(request: HttpRequest) -> tuple[int, int]:
    """16:9 within the consumer's maxwidth and maxheight."""
    width = min(
        WIDTH, _positive(request.GET.get("maxwidth"), WIDTH), _positive(request.GET.get("maxheight"), HEIGHT) * 16 // 9
    )
    return width, width * 9 // 16


def _positive(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) else otherwise  # noqa: PLR2004  more digits than any screen


def _iframe(title: Title, width: int, height: int) -> str:
    from django.utils.html import format_html  # noqa: PLC0415

    return format_html(
        '<iframe src="{}" width="{}" height="{}" title="{}" frameborder="0" '
        'allow="autoplay; encrypted-media; fullscreen; picture-in-picture" allowfullscreen></iframe>',
        absolute(reverse("watch:embed", args=[title.id])), width, height, title.name,
    )  # fmt: skip
