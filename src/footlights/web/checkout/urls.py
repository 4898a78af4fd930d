from django.urls import path

from footlights.web.checkout import guests, refund, till, views

app_name = "checkout"
urlpatterns = [
    path("@<slug:handle>/<slug:slug>/get/<uuid:offer_id>", till.offer, name="offer"),
    path("@<slug:handle>/collections/<slug:slug>/get/<uuid:offer_id>", till.collection_offer, name="collection_offer"),
    path("live/<str:token>/get/<uuid:offer_id>", till.ticket, name="ticket"),
    path("keep", guests.keep, name="keep"),
    path("keep/<str:token>", guests.kept, name="kept"),
    path("checkout/<uuid:purchase_id>", views.purchase, name="purchase"),
    path("checkout/<uuid:purchase_id>/refund", refund.refund, name="refund"),
]
