"""The account's forms: django-allauth's own, made short (one password field with a button that shows it)."""

from typing import Any

from allauth.account import forms as allauth
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.socialaccount.forms import SignupForm as SocialSignUpForm
from django import forms
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from footlights.accounts.api import tell_limited
from footlights.kernel.clock import now

NEW_PASSWORD_HELP = _("At least 8 characters. A sentence is easy to remember and hard to guess.")


class Short:
    """Takes placeholders, the password's second field and the lists of rules out; labels say it all."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = NEW_PASSWORD_HELP if name == "password1" else ""


class SignInForm(Short, allauth.LoginForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autofocus": True}


def short(form: type[Any]) -> type[Any]:
    """Allauth's form, made short and otherwise as it is."""
    return type(form.__name__, (Short, form), {})


class SignUpForm(Short, allauth.SignupForm):  # type: ignore[misc]  # as above
    def try_save(self, request: Any) -> Any:
        """A taken address takes as long as a free one, whose password is hashed: nobody learns it by a clock."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


ChangePasswordForm = short(allauth.ChangePasswordForm)
SetPasswordForm = short(allauth.SetPasswordForm)
ResetPasswordForm = short(allauth.ResetPasswordForm)
ResetPasswordKeyForm = short(allauth.ResetPasswordKeyForm)
ReauthenticateForm = short(allauth.ReauthenticateForm)
AddEmailForm = short(allauth.AddEmailForm)
ConfirmCodeForm = short(allauth.ConfirmEmailVerificationCodeForm)
AskForCodeForm = short(allauth.RequestLoginCodeForm)
ServiceSignUpForm = short(SocialSignUpForm)
ConfirmLoginCodeForm = short(allauth.ConfirmLoginCodeForm)


class Digits(Short):
    """A field for a code of digits: phones show their number keys, and offer the code of a message."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autofocus": True}


class Counted:
    """A try that comes too often is turned away unseen; it is counted all the same."""

    user: Any

    def clean_code(self) -> str:
        try:
            return str(super().clean_code())  # type: ignore[misc]  # allauth's form
        except forms.ValidationError as error:
            if error.code != "incorrect_code":
                tell_limited(self.user.email, at=now())
            raise


class CodeForm(Counted, Digits, second_step.AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    pass


class CodeAgainForm(Counted, Digits, second_step.ReauthenticateForm):  # type: ignore[misc]  # as above
    pass


class UseAppForm(Digits, ActivateTOTPForm):  # type: ignore[misc]  # as above
    pass


class NameForm(forms.Form):
    display_name = forms.CharField(
        label=_("What others see"),
        help_text=_("Without one they see the first letter of your e-mail address."),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
