"""The addresses of signing in with other services. All exist; those of a service that is not configured answer nobody.

Only what a browser needs: django-allauth's routes that take tokens from scripts are left out.
"""

from allauth.socialaccount import views as own
from allauth.socialaccount.providers.apple import views as apple
from allauth.socialaccount.providers.facebook import views as facebook
from allauth.socialaccount.providers.google import views as google
from allauth.socialaccount.providers.openid_connect import views as openid
from allauth.socialaccount.providers.twitter_oauth2 import views as x
from django.urls import path

from footlights.web.account.services import by_a_page, plainly

urlpatterns = [
    path("", own.connections, name="socialaccount_connections"),
    path("new", own.signup, name="socialaccount_signup"),
    path("cancelled", own.login_cancelled, name="socialaccount_login_cancelled"),
    path("failed", plainly(own.login_error), name="socialaccount_login_error"),
    path("google/", by_a_page(google.oauth2_login), name="google_login"),
    path("google/back", plainly(google.oauth2_callback), name="google_callback"),
    path("facebook/", by_a_page(facebook.oauth2_login), name="facebook_login"),
    path("facebook/back", plainly(facebook.oauth2_callback), name="facebook_callback"),
    path("x/", by_a_page(x.oauth2_login), name="twitter_oauth2_login"),
    path("x/back", plainly(x.oauth2_callback), name="twitter_oauth2_callback"),
    path("apple/", by_a_page(apple.oauth2_login), name="apple_login"),
    path("apple/back", apple.oauth2_callback, name="apple_callback"),
    path("apple/back/done", plainly(apple.oauth2_finish_login), name="apple_finish_callback"),
    path("oidc/<slug:provider_id>/", by_a_page(openid.login), name="openid_connect_login"),
    path("oidc/<slug:provider_id>/back", plainly(openid.callback), name="openid_connect_callback"),
]
