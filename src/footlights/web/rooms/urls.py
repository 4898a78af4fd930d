"""Addresses of rooms: their page, and what its script asks."""

from django.urls import path

from footlights.web.rooms import endpoints, views

app_name = "rooms"
urlpatterns = [
    path("room/@<slug:handle>", views.channel, name="channel"),
    path("rooms/<uuid:room_id>/entry", endpoints.entry, name="entry"),
    path("rooms/<uuid:room_id>/appeal", endpoints.appeal, name="appeal"),
    path("rooms/<uuid:room_id>/state", endpoints.state, name="state"),
]
