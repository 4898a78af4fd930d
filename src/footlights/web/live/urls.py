"""Broadcasts: the page, its gate, and what the ingest asks. Mounted at /live/."""

from django.urls import path

from footlights.web.live import calendar, hooks, reminding, views

app_name = "live"
urlpatterns = [
    path("", views.now_on, name="now"),
    path("hooks/<slug:question>", hooks.answer, name="hook"),
    path("no-reminder/<str:proof>", reminding.no_reminder, name="no_reminder"),
    path("<str:token>/calendar.ics", calendar.calendar, name="calendar"),
    path("<str:token>/reminder", reminding.reminder, name="reminder"),
    path("<str:token>/licence", views.licence, name="licence"),
    path("<str:token>", views.watch, name="watch"),
]
