"""Every address of the service. Each surface keeps its own urls.py; this file only gathers them."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
]
