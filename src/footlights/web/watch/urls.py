"""Addresses of the player: its page, its embedded form, and what its script asks."""

from django.urls import path

from footlights.web.watch import embed, endpoints, views

app_name = "watch"
urlpatterns = [
    path("playback/licence", endpoints.licence, name="licence"),
    path("playback/beats", endpoints.beats, name="beats"),
    path("playback/sessions", endpoints.sessions, name="sessions"),
    path("playback/trailers/<uuid:title_id>", endpoints.trailer, name="trailer"),
    path("playback/trailers/<uuid:title_id>/licence", endpoints.trailer_licence, name="trailer_licence"),
    path("playback/stop", endpoints.stop, name="stop"),
    path("@<str:handle>/<slug:slug>/watch", views.watch_title, name="title"),
    path("playback/speculation-rules.json", views.speculation_rules, name="speculation_rules"),
    path("embed/<uuid:title_id>", embed.embedded_player, name="embed"),
    path("oembed", embed.oembed, name="oembed"),
]
