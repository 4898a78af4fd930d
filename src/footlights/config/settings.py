"""Django settings, read from the environment: one file for development, tests, one host or a cluster."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from footlights.config.payment_service import read_gateway, read_tax_calculator
from footlights.config.sign_in_services import read_services
from footlights.config.transit import require_encryption
from footlights.kernel import environment, tracing
from footlights.kernel.environment import read_or_create_secret
from footlights.kernel.log_lines import logging_settings

ENVIRONMENT = environment.load()
require_encryption(ENVIRONMENT, os.environ)
PACKAGE = Path(__file__).parent.parent

SITE_URL = ENVIRONMENT.site_url
SITE_NAME = "Footlights"
DEBUG = ENVIRONMENT.debug
SECRET_KEY = read_or_create_secret(
    ENVIRONMENT.secrets / "django.key", lambda: secrets.token_urlsafe(50).encode()
).decode()
ALLOWED_HOSTS = [urlsplit(SITE_URL).hostname or "localhost"]
if ALLOWED_HOSTS[0] in {"localhost", "127.0.0.1"}:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
SECURE = SITE_URL.startswith("https://")

ROOT_URLCONF = "footlights.config.urls"
WSGI_APPLICATION = "footlights.config.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.apple",
    "allauth.socialaccount.providers.facebook",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.twitter_oauth2",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    "footlights.kernel",
    "footlights.ledger",
    "footlights.audit",
    "footlights.accounts",
    "footlights.prices",
    "footlights.terms",
    "footlights.media",
    "footlights.payments",
    "footlights.payments.adapters.sandbox",
    "footlights.alerts",
    "footlights.taxes",
    "footlights.invoicing",
    "footlights.catalog",
    "footlights.splits",
    "footlights.sellers",
    "footlights.filings",
    "footlights.monetization",
    "footlights.giving",
    "footlights.payouts",
    "footlights.subscriptions",
    "footlights.live",
    "footlights.playback",
    "footlights.engagement",
    "footlights.web",
]

MIDDLEWARE = [
    "footlights.web.origin.OriginMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "footlights.web.account.person.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "footlights.web.content_policy.ContentPolicyMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "footlights.web.account.devices.DeviceMiddleware",
    "footlights.web.welcome.middleware.FirstRunMiddleware",
    "footlights.web.access.AccessMiddleware",
    "footlights.web.errors.middleware.OnlyAFormMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.static",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "footlights.web.account.context.installation",
                "footlights.web.checkout.context.payments",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "footlights.web.design.tags"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
        },
    }
]


def _database(url: str) -> dict[str, object]:
    """A libpq URL as Django's settings; its query (host, sslmode, user …) goes to the driver as it is."""
    parts = urlsplit(url)
    options: dict[str, object] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or parts.hostname or ""
    user = options.pop("user", None) or unquote(parts.username or "")
    return {
        "ENGINE": "footlights.kernel.postgresql",
        "CONN_MAX_AGE": None,  # a thread keeps its connection
        "NAME": parts.path.lstrip("/"),
        "USER": user,
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": parts.port or "",
        "OPTIONS": options,
    }


DATABASES = {"default": _database(ENVIRONMENT.database_url)}
# Rate limits and used codes, counted for every process together. No page asks it; what pages share is kernel.shared's.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_limit",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

# Sign-in: e-mail and password (django-allauth).
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "footlights.accounts.adapters.sign_in.SignInAdapter"
ACCOUNT_FORMS = {
    "login": "footlights.web.account.forms.SignInForm",
    "signup": "footlights.web.account.forms.SignUpForm",
    "change_password": "footlights.web.account.forms.ChangePasswordForm",
    "set_password": "footlights.web.account.forms.SetPasswordForm",
    "reset_password": "footlights.web.account.forms.ResetPasswordForm",
    "reset_password_from_key": "footlights.web.account.forms.ResetPasswordKeyForm",
    "reauthenticate": "footlights.web.account.forms.ReauthenticateForm",
    "add_email": "footlights.web.account.forms.AddEmailForm",
    "confirm_email_verification_code": "footlights.web.account.forms.ConfirmCodeForm",
    "request_login_code": "footlights.web.account.forms.AskForCodeForm",
    "confirm_login_code": "footlights.web.account.forms.ConfirmLoginCodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CHANGE_EMAIL = True  # the old address stays until the new one is confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or address is told by mail
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {  # beside allauth's own
    "invite": "30/d/user",  # to a channel's team
    "business_number": "20/m/ip",
    "postcode": "10/m/ip",
}
# With a mail server an address is confirmed by a code before its account opens, and a taken address looks like a free
# one. Without, nobody could read the code, so an account opens at once.
MAILS_ARRIVE = bool(ENVIRONMENT.mail_url)  # else they wait in a folder, and no page promises one
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if MAILS_ARRIVE else "optional"
GUEST_CHECKOUT = MAILS_ARRIVE  # without mail nobody could prove that an address is theirs
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = MAILS_ARRIVE
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
# The second step of a sign-in: a passkey (which also signs in by itself), or codes from an app; spare codes for both.
MFA_ADAPTER = "footlights.accounts.adapters.second_factor.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "footlights.web.account.forms.CodeForm",
    "reauthenticate": "footlights.web.account.forms.CodeAgainForm",
    "activate_totp": "footlights.web.account.forms.UseAppForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE  # localhost
MFA_ALLOW_UNVERIFIED_EMAIL = not MAILS_ARRIVE  # nobody could confirm one
# Other services' accounts, once they are configured. An account is never found by a matching address.
SOCIALACCOUNT_ADAPTER = "footlights.web.account.services.ServicesAdapter"
SOCIALACCOUNT_FORMS = {"signup": "footlights.web.account.forms.ServiceSignUpForm"}
SOCIALACCOUNT_PROVIDERS = read_services(os.environ)
# Administrators set one up before the backoffice opens, unless the operator says otherwise (the demo does).
SECOND_FACTOR_REQUIRED = os.environ.get("FOOTLIGHTS_SECOND_FACTOR") != "optional"
ALLAUTH_TRUSTED_PROXY_COUNT = 1  # the edge; rate limits count the address it saw
PASSWORD_RESET_TIMEOUT = 60 * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "footlights.accounts.password_words.KnownWordsValidator"},
]

# Mail goes to a folder until a mail server is set: smtp://user:password@host:587 (STARTTLS) or smtps://…:465.
if ENVIRONMENT.mail_url:
    _mail = urlsplit(ENVIRONMENT.mail_url)
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or (465 if _mail.scheme == "smtps" else 587)
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.scheme == "smtps", _mail.scheme == "smtp"
    EMAIL_TIMEOUT = 10
    EMAIL_BACKEND = "footlights.accounts.adapters.mail.QueuedMail"  # a job sends them
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = ENVIRONMENT.home / "mail"
DEFAULT_FROM_EMAIL = f"{SITE_NAME} <no-reply@{ALLOWED_HOSTS[0]}>"

# A session ends ten hours after the person's last activity: the server's row says so (footlights.accounts.sessions).
SESSION_ENGINE = "footlights.accounts.sessions"
SESSION_COOKIE_AGE = 30 * 86_400  # the browser's copy of the key, which outlives the session it is for

# Browsers' own guards.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = True  # scripts read the token from the page
CSRF_FAILURE_VIEW = "footlights.web.errors.views.stale_form"
MESSAGE_STORAGE = "footlights.web.design.messages.MessageCookie"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
STRIPE_SECRET_KEY = os.environ.get("FOOTLIGHTS_STRIPE_SECRET_KEY", "")
STRIPE_PAGES = ["https://checkout.stripe.com", "https://connect.stripe.com"] if STRIPE_SECRET_KEY else []
PAYPAL_CLIENT_ID = os.environ.get("FOOTLIGHTS_PAYPAL_CLIENT_ID", "")
PAYPAL_PAGES = ["https://www.paypal.com", "https://www.sandbox.paypal.com"] if PAYPAL_CLIENT_ID else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF, *STRIPE_PAGES, *PAYPAL_PAGES],  # a click on “pay” is led on to the gateway's page
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.home / "static"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
MEDIA_URL = "/media/"  # where the edge or a CDN serves the public objects
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # unused: objects go through kernel.storage
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "footlights.web.design.staticfiles.StaticStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 << 20  # forms; films come by tus

# Which gateway takes new payments, and where the built-in one sends its webhooks. Behind TLS, give the web server's
# own loopback address, so that they need not leave the machine.
STRIPE_WEBHOOK_SECRETS = [each for each in os.environ.get("FOOTLIGHTS_STRIPE_WEBHOOK_SECRETS", "").split(",") if each]
STRIPE_API = os.environ.get("FOOTLIGHTS_STRIPE_API") or "https://api.stripe.com"
PAYPAL_SECRET = os.environ.get("FOOTLIGHTS_PAYPAL_SECRET", "")
PAYPAL_WEBHOOK_IDS = [each for each in os.environ.get("FOOTLIGHTS_PAYPAL_WEBHOOK_IDS", "").split(",") if each]
PAYPAL_PARTNER_ID = os.environ.get("FOOTLIGHTS_PAYPAL_PARTNER_ID", "")
PAYPAL_API = os.environ.get("FOOTLIGHTS_PAYPAL_API") or "https://api-m.paypal.com"
PAYMENT_GATEWAY = read_gateway(os.environ)
# The sandbox moves no money. So that nobody gets a film for a test card by accident, it sells on this machine only,
# unless the operator says so.
IS_LOCAL = ALLOWED_HOSTS[0] in {"localhost", "127.0.0.1", "::1"}
SANDBOX_SELLS = IS_LOCAL or os.environ.get("FOOTLIGHTS_SANDBOX_SALES") == "1"
SANDBOX_WEBHOOK_URL = os.environ.get("FOOTLIGHTS_SANDBOX_WEBHOOK_URL") or f"{SITE_URL}/webhooks/sandbox"
# What works out the tax of a sale: "tables", our own dated ones; or "stripe", what Stripe Tax says of each place.
TAX_CALCULATOR = read_tax_calculator(os.environ)
# Who says whether a business's VAT number exists: "vies", the European Union's register; or "", its form alone.
VAT_REGISTER = os.environ.get("FOOTLIGHTS_VAT_REGISTER", "")
VIES_URL = (
    os.environ.get("FOOTLIGHTS_VIES_URL") or "https://ec.europa.eu/taxation_customs/vies/rest-api/check-vat-number"
)
# Who says what currencies are worth: "ecb", the European Central Bank, asked twice a day; or "table", administrators.
RATES_SOURCE = os.environ.get("FOOTLIGHTS_RATES") or "ecb"
# What the platform keeps of each sale, in ten-thousandths.
PLATFORM_FEE_BPS = 1_000
PLATFORM_CURRENCY = "EUR"
MAX_SCREENS_PER_ACCOUNT = 3

# What people may send, and which programs convert it ("" or absent: the ones of the wheel).
MAX_UPLOAD_BYTES = 50 * 10**9
MAX_UPLOADS_AT_ONCE = 50
MAX_STORED_BYTES_A_PERSON = int(os.environ.get("FOOTLIGHTS_UPLOADS_KEPT_GB") or 5_000) * 10**9
MEDIA_PROGRAMS: dict[str, str] = {}

# Where encoders send broadcasts to, as the studio tells it.
_RTMPS_PORT = int(os.environ.get("FOOTLIGHTS_RTMPS_PORT") or 0)
RTMP_URL = os.environ.get("FOOTLIGHTS_RTMP_URL") or (
    f"rtmps://{ALLOWED_HOSTS[0]}:{_RTMPS_PORT}/live"
    if _RTMPS_PORT
    else f"rtmp://{ALLOWED_HOSTS[0]}:{os.environ.get('FOOTLIGHTS_RTMP_PORT') or 1935}/live"
)
RTMP_BACKUP_URL = f"{RTMP_URL.rpartition('/')[0]}/backup"  # by which the ingest tells a second sender from the first

# Receivers of the operator's own that may lie in a private network, or answer without TLS: host or host:port. All other
# addresses that people give must be public and https (kernel.outgoing).
OUTGOING_HOSTS = [each.strip().lower() for each in os.environ.get("FOOTLIGHTS_OUTGOING_HOSTS", "").split(",") if each]

# The trail: how many whole months of it stay (0: all), and who is sent its latest checkpoint every day.
AUDIT_MONTHS_KEPT = int(os.environ.get("FOOTLIGHTS_TRAIL_MONTHS") or 24)
AUDIT_MAIL = os.environ.get("FOOTLIGHTS_TRAIL_MAIL", "")

# Figures for a monitor, at /metrics, for whoever carries this token. Each process counts in a file of its own.
METRICS_TOKEN = os.environ.get("FOOTLIGHTS_METRICS_TOKEN", "")
if METRICS_TOKEN:
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(ENVIRONMENT.home / "metrics"))
    Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True, mode=0o700)
    MIDDLEWARE.insert(0, "footlights.web.health.metrics.MetricsMiddleware")

# Traces, once a collector is set (footlights.kernel.tracing).
if tracing.is_on():
    MIDDLEWARE.insert(
        MIDDLEWARE.index("footlights.web.origin.OriginMiddleware") + 1, "footlights.web.traces.TraceMiddleware"
    )

LOGGING = logging_settings(is_json=os.environ.get("FOOTLIGHTS_LOG") == "json")
