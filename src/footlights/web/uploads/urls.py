from django.urls import path

from footlights.web.uploads import views

app_name = "uploads"
urlpatterns = [
    path("", views.collection, name="collection"),
    path("<uuid:upload_id>", views.item, name="item"),
]
