from django.urls import include, path

urlpatterns = [path("", include("footlights.web.urls"))]
