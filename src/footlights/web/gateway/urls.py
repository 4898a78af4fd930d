from django.urls import path

from footlights.web.gateway import views

urlpatterns = [
    path("webhooks/<slug:gateway>", views.webhook, name="webhooks"),
    path("sandbox-gateway/<str:session>", views.hosted_page, name="sandbox_gateway"),
    path("sandbox-gateway/payouts/<str:session>", views.payouts, name="sandbox_gateway_payouts"),
    path("sandbox-gateway/<str:session>/challenge", views.challenge, name="sandbox_gateway_challenge"),
    path("sandbox-gateway/<str:session>/turning-back", views.turning_back, name="sandbox_gateway_turning_back"),
]
