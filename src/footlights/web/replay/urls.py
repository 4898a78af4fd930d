"""Addresses of what a recording's room said: what its panel asks."""

from django.urls import path

from footlights.web.replay import endpoints

app_name = "replay"
urlpatterns = [
    path("replay/<uuid:title_id>", endpoints.whole, name="whole"),
    path("replay/<uuid:title_id>/<int:number>", endpoints.piece, name="piece"),
    path("replay/<uuid:title_id>/mood", endpoints.mood, name="mood"),
    path("replay/<uuid:title_id>/taken-out", endpoints.taken_out, name="taken_out"),
    path("replay/<uuid:title_id>/votes", endpoints.votes, name="votes"),
]
