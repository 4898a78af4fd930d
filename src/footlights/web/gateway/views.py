"""The webhook endpoint of every gateway, and the hosted page of the sandbox one, which plays an outside service."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.payments.api import WebhookRefusedError, receive_webhook, sandbox
from footlights.web.gateway.forms import BankForm, CardForm

WEBHOOK_SIZE_MAX = 64 << 10


@csrf_exempt  # a gateway has no cookie of ours; its signature is the proof
@require_POST
def webhook(request: HttpRequest, gateway: str) -> HttpResponse:
    """Keep a genuine webhook and answer at once; a job looks into it."""
    if int(request.headers.get("Content-Length") or 0) > WEBHOOK_SIZE_MAX:
        return HttpResponse("A webhook is smaller than that.", status=413, content_type="text/plain")
    try:
        receive_webhook(gateway=gateway, headers=request.headers, body=request.body, at=now())
    except NotFoundError as error:
        raise Http404 from error
    except WebhookRefusedError as error:
        return HttpResponse(str(error), status=400, content_type="text/plain")
    return HttpResponse(status=204)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hosted_page(request: HttpRequest, session: str) -> HttpResponse:
    """Pay with a test card."""
    checkout = _find(session)
    form = CardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sandbox.pay(session, card=form.chosen(), at=now())
        return _onward(session)
    if checkout.status == "challenge":
        return redirect("sandbox_gateway_challenge", session=session)
    context = {"checkout": checkout, "cards": sandbox.CARDS.values(), "form": form}
    return render(request, "gateway/hosted_page.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def challenge(request: HttpRequest, session: str) -> HttpResponse:
    """The bank asks the buyer to confirm."""
    checkout = _find(session)
    if request.method == "POST":
        sandbox.answer_challenge(session, approved=request.POST.get("answer") == "yes", at=now())
        return _onward(session)
    if checkout.status != "challenge":
        return redirect("sandbox_gateway", session=session)
    return render(request, "gateway/challenge.html", {"checkout": checkout})


@require_POST
def turning_back(request: HttpRequest, session: str) -> HttpResponse:  # noqa: ARG001
    """The buyer leaves without paying."""
    sandbox.turn_back(_find(session).id, at=now())
    return _onward(session)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def payouts(request: HttpRequest, session: str) -> HttpResponse:
    """Say which test bank the earnings go to."""
    account = sandbox.find_account_page(session)
    if account is None:
        raise Http404
    form = BankForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sandbox.choose_bank(session, bank=form.cleaned_data["bank"], at=now())
        return HttpResponse(status=303, headers={"Location": account.return_url})
    context = {"account": account, "banks": sandbox.BANKS.values(), "form": form}
    return render(request, "gateway/payouts.html", context)


def _find(session: str) -> sandbox.SandboxPage:
    page = sandbox.find_page(session, at=now())
    if page is None:
        raise Http404
    return page


def _onward(session: str) -> HttpResponse:
    """Back to the merchant, or to the bank's question first."""
    checkout = _find(session)
    if checkout.status == "challenge":
        return redirect("sandbox_gateway_challenge", session=session)
    if checkout.status == "open":
        return redirect("sandbox_gateway", session=session)
    return HttpResponse(status=303, headers={"Location": checkout.return_url})
