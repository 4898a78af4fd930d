"""The first run: one page that names the service and makes its owner. Once there is one, there is no such page."""

from django.contrib.auth import authenticate, login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from footlights.accounts.api import AlreadySetUpError, create_owner, get_installation, has_any_person
from footlights.kernel.errors import InvalidInputError
from footlights.web.account.proof import note_proof
from footlights.web.welcome.forms import WelcomeForm


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    if has_any_person():
        raise Http404
    form = WelcomeForm(request.POST or None, initial={"currency": get_installation().currency})
    if form.is_valid():
        try:
            create_owner(**form.cleaned_data)
        except InvalidInputError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        except AlreadySetUpError:
            return redirect("account_login")
        else:
            owner = authenticate(request, email=form.cleaned_data["email"], password=form.cleaned_data["password"])
            login(request, owner)
            note_proof(request, owner)  # they chose the password this moment
            return redirect("studio:upload" if request.POST.get("then") == "upload" else "storefront:home")
    return render(request, "welcome/welcome.html", {"form": form}, status=422 if form.errors else 200)
