"""Memberships: a channel's tiers, the way to pay for one, and what one has."""

from django.urls import path

from footlights.web.memberships import cards, house_pass, joining, leaving, own

app_name = "memberships"
urlpatterns = [
    path("pass", house_pass.show, name="pass"),
    path("join/@<slug:handle>", joining.tiers, name="tiers"),
    path("join/@<slug:handle>/<uuid:terms_id>", joining.join, name="join"),
    path("memberships/<uuid:subscription_id>", joining.joined, name="joined"),
    path("account/memberships", own.memberships, name="own"),
    path("account/memberships/<uuid:subscription_id>", own.membership, name="membership"),
    path("account/memberships/<uuid:subscription_id>/plan", own.plan, name="plan"),
    path("account/memberships/<uuid:subscription_id>/paused", own.pause, name="paused"),
    path("account/memberships/<uuid:subscription_id>/continued", own.go_on, name="continued"),
    path("account/memberships/<uuid:subscription_id>/cancelled", leaving.cancel, name="cancelled"),
    path("account/memberships/leave/<str:token>", leaving.cancel_by_mail, name="cancelled_by_mail"),
    path("account/cards", cards.cards, name="cards"),
    path("account/cards/<uuid:method_id>", cards.change, name="card"),
]
