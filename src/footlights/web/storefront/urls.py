"""What visitors see: home, search, categories, channels, titles, their library."""

from django.urls import path

from footlights.web.feeds.channel import ChannelFeed
from footlights.web.storefront import collection_page, currency, follow, sitemap, views

app_name = "storefront"
urlpatterns = [
    path("", views.home, name="home"),
    path("search", views.search, name="search"),
    path("browse/<slug:slug>", views.category, name="category"),
    path("robots.txt", sitemap.robots, name="robots"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("sitemap/<slug:kind>-<int:page>.xml", sitemap.sitemap_page, name="sitemap_page"),
    path("currency", currency.choose, name="currency"),
    path("library", views.library, name="library"),
    path("@<slug:handle>/feed.xml", ChannelFeed(), name="feed"),
    path("@<slug:handle>/follow", follow.follow, name="follow"),
    path("@<slug:handle>", views.channel, name="channel"),
    path("@<slug:handle>/collections/<slug:slug>", collection_page.collection, name="collection"),
    path("@<slug:handle>/<slug:slug>", views.title, name="title"),
]
