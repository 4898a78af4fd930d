from django.urls import path

from footlights.web.giving import gifts, opening, press, tips

app_name = "giving"
urlpatterns = [
    path("tip/@<slug:handle>", tips.give, name="tip_channel"),
    path("tip/@<slug:handle>/<slug:slug>", tips.give, name="tip_title"),
    path("tips/<uuid:tip_id>", tips.tip, name="tip"),
    path("tips/<uuid:tip_id>/returned", tips.give_back, name="tip_returned"),
    path("@<slug:handle>/<slug:slug>/give/<uuid:offer_id>", gifts.give, name="give"),
    path("@<slug:handle>/collections/<slug:slug>/give/<uuid:offer_id>", gifts.give_collection, name="give_collection"),
    path("live/<str:token>/give/<uuid:offer_id>", gifts.give_ticket, name="give_ticket"),
    path("account/gifts", gifts.own, name="gifts"),
    path("gifts/<uuid:gift_id>", gifts.gift, name="gift"),
    path("gifts/<uuid:gift_id>/sent", gifts.send, name="gift_sent"),
    path("gifts/<uuid:gift_id>/returned", gifts.give_back, name="gift_returned"),
    path("gift", opening.ask_for_code, name="code"),
    path("gift/<str:gift_code>", opening.show, name="opening"),
    path("press", press.ask_for_code, name="press_code"),
    path("press/<str:press_code>", press.show, name="press"),
]
