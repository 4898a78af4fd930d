"""One's own account: who one is here, what one bought, what one watched."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from footlights.accounts.api import set_display_name
from footlights.kernel.errors import InvalidInputError
from footlights.web.account.forms import NameForm


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "account/home.html", {"form": NameForm(initial={"display_name": request.user.display_name})})


@require_POST
def name(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST)
    if form.is_valid():
        try:
            set_display_name(person_id=request.user.pk, **form.cleaned_data)
        except InvalidInputError as error:
            form.add_error("display_name", str(error))
        else:
            messages.success(request, _("Your name is changed."))
            return redirect("account:home")
    return render(request, "account/home.html", {"form": form}, status=422)
