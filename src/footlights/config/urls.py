from django.urls import include, path

urlpatterns = [path("", include("footlights.web.urls"))]

handler400 = "footlights.web.errors.views.unreadable"
handler403 = "footlights.web.errors.views.denied"
handler404 = "footlights.web.errors.views.missing"
handler500 = "footlights.web.errors.views.broken"
handler429 = "footlights.web.errors.views.too_often"
