from django.urls import path

from footlights.web.health import views

app_name = "health"
urlpatterns = [
    path("healthz", views.healthz, name="live"),
    path("readyz", views.readyz, name="ready"),
]
