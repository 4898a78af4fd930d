from django.urls import path

from footlights.web.health import metrics, views

app_name = "health"
urlpatterns = [
    path("healthz", views.healthz, name="live"),
    path("metrics", metrics.metrics, name="metrics"),
    path("readyz", views.readyz, name="ready"),
]
