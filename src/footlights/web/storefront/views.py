"""The storefront's pages. Each asks a context's api, and renders."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "storefront/home.html")


def search(request: HttpRequest) -> HttpResponse:
    return render(request, "storefront/home.html")


def category(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001
    return render(request, "storefront/home.html")


def library(request: HttpRequest) -> HttpResponse:
    return render(request, "storefront/home.html")


def channel(request: HttpRequest, handle: str) -> HttpResponse:  # noqa: ARG001
    return render(request, "storefront/home.html")


def title(request: HttpRequest, handle: str, slug: str) -> HttpResponse:  # noqa: ARG001
    return render(request, "storefront/home.html")
