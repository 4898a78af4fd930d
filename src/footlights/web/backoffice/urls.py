"""For administrators. Everybody else finds nothing here: see footlights.web.access."""

from django.urls import path

from footlights.web.backoffice import views

app_name = "backoffice"
urlpatterns = [path("", views.home, name="home")]
