"""Background jobs: what waits, runs, is stuck or failed; run one again, or take it out of its queue."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from footlights.audit.api import Act, record
from footlights.kernel import job_board
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.web.paging import PER_PAGE, asked_in, number_of, page_of

STATES = ("failed", "stuck", "waiting", "running", "done", "cancelled")


@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    at, state, text = now(), request.GET.get("state", ""), asked_in(request)
    rows = job_board.list_jobs(
        at=at, state=state, text=text, limit=PER_PAGE + 1, offset=(number_of(request) - 1) * PER_PAGE
    )
    context = {"section": "jobs", "page": page_of(request, rows), "states": STATES, "state": state, "text": text}
    return render(request, "backoffice/jobs.html", context | {"health": job_board.job_health(at)})


@require_GET
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    entry, events = job_board.get_job(job_id, at=now())
    context = {"section": "jobs", "job": entry, "events": events, "arguments": sorted(entry.arguments.items())}
    return render(request, "backoffice/job.html", context)


@require_POST
def retry(request: HttpRequest, job_id: int) -> HttpResponse:
    try:
        with transaction.atomic():
            job_board.retry_job(job_id, at=now())
            record(act=Act.JOB_RETRIED, object_kind="job", object_id=job_id)
    except InvalidInputError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The job runs again."))
    return redirect("backoffice:job", job_id)


@require_POST
def cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    try:
        with transaction.atomic():
            job_board.cancel_job(job_id, at=now())
            record(act=Act.JOB_CANCELLED, object_kind="job", object_id=job_id)
    except InvalidInputError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The job is cancelled."))
    return redirect("backoffice:job", job_id)
