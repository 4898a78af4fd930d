"""Every address of the service. Each surface keeps its own urls.py; this file only gathers them."""

from django.urls import include, path

from footlights.web.design.views import styleguide

urlpatterns = [
    path("", include("footlights.web.health.urls")),
    # Early, for players and visitors ask here all the time, and each line above costs every request something.
    path("", include("footlights.web.watch.urls")),
    path("", include("footlights.web.storefront.urls")),
    path("live/", include("footlights.web.live.urls")),
    path("styleguide", styleguide, name="styleguide"),
    path("welcome", include("footlights.web.welcome.urls")),
    path("account/", include("footlights.web.account.urls")),
    path("uploads/", include("footlights.web.uploads.urls")),
    path("studio/", include("footlights.web.studio.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/services/", include("footlights.web.account.service_urls")),
    path("account/second-step/", include("allauth.mfa.urls")),
    path("backoffice/", include("footlights.web.backoffice.urls")),
    path("", include("footlights.web.gateway.urls")),
    path("", include("footlights.web.checkout.urls")),
    path("", include("footlights.web.giving.urls")),
    path("", include("footlights.web.memberships.urls")),
    path("", include("footlights.web.rooms.urls")),
    path("", include("footlights.web.replay.urls")),
]
