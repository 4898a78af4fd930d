from django.urls import path

from footlights.web.checkout import views

app_name = "checkout"
urlpatterns = [
    path("@<slug:handle>/<slug:slug>/get/<uuid:offer_id>", views.offer, name="offer"),
    path("checkout/<uuid:purchase_id>", views.purchase, name="purchase"),
]
