"""How the house is doing: jobs, money today, what needs a person; and what the service is called."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from footlights.kernel import job_board
from footlights.kernel.clock import now


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    at = now()
    return render(request, "backoffice/home.html", {"health": job_board.job_health(at)})
