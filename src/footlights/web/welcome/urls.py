from django.urls import path

from footlights.web.welcome import views

app_name = "welcome"
urlpatterns = [path("", views.welcome, name="home")]
