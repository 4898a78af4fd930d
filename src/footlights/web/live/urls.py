"""Broadcasts: the page, its gate, and what the ingest asks. Mounted at /live/."""

from django.urls import path

from footlights.web.live import hooks, views

app_name = "live"
urlpatterns = [
    path("", views.now_on, name="now"),
    path("hooks/<slug:question>", hooks.answer, name="hook"),
    path("<str:token>/licence", views.licence, name="licence"),
    path("<str:token>", views.watch, name="watch"),
]
