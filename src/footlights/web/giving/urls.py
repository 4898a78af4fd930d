from django.urls import path

from footlights.web.giving import tips

app_name = "giving"
urlpatterns = [
    path("tip/@<slug:handle>", tips.give, name="tip_channel"),
    path("tip/@<slug:handle>/<slug:slug>", tips.give, name="tip_title"),
    path("tips/<uuid:tip_id>", tips.tip, name="tip"),
    path("tips/<uuid:tip_id>/returned", tips.give_back, name="tip_returned"),
]
