"""Disputes: what buyers' banks took back; one of them; the answer to the bank."""

from typing import cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from footlights.accounts.api import Permission
from footlights.kernel.clock import now
from footlights.kernel.errors import FootlightsError
from footlights.payments.api import (
    EVIDENCE_LENGTH_MAX,
    DisputeState,
    find_evidence,
    get_dispute,
    get_payment,
    list_disputes,
    list_payment_events,
    submit_evidence,
)
from footlights.web.access import BackofficeRequest
from footlights.web.backoffice.dispute_evidence import assemble_evidence
from footlights.web.paging import PER_PAGE, number_of, page_of


class AnswerForm(forms.Form):
    document = forms.CharField(
        label=gettext_lazy("What speaks for us"),
        max_length=EVIDENCE_LENGTH_MAX,
        widget=forms.Textarea(attrs={"class": "input", "rows": 18}),
    )


@require_GET
def disputes(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    rows = list_disputes(
        state=DisputeState(state) if state in set(DisputeState) else None,
        limit=PER_PAGE + 1,
        offset=(number_of(request) - 1) * PER_PAGE,
    )
    context = {"section": "payments", "states": list(DisputeState), "state": state, "page": page_of(request, rows)}
    return render(request, "backoffice/disputes.html", context)


@require_GET
def dispute(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    found = get_dispute(dispute_id)
    at = now()
    is_open = found.state is DisputeState.OPEN and not (found.answer_by and found.answer_by < at)
    may_answer = (
        is_open and found.answered_at is None and Permission.REFUND_PAYMENTS in cast("BackofficeRequest", request).may
    )
    context = {
        "section": "payments",
        "dispute": found,
        "payment": get_payment(found.payment_id),
        "events": list_payment_events(found.payment_id),
        "evidence": find_evidence(dispute_id),
        "form": AnswerForm(initial={"document": assemble_evidence(found)}) if may_answer else None,
        "may_answer": may_answer,
    }
    return render(request, "backoffice/dispute.html", context)


@require_POST
def answer(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """Hand in what speaks for us. Banks take one answer, so a second click changes nothing."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.errors["document"]))
        return redirect("backoffice:dispute", dispute_id)
    try:
        submit_evidence(dispute_id=dispute_id, document=form.cleaned_data["document"], at=now())
    except FootlightsError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The bank has our answer, and decides. That may take weeks."))
    return redirect("backoffice:dispute", dispute_id)
