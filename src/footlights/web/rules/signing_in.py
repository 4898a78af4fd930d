"""Signing in and up, the second step, other services' accounts: pages of django-allauth, and the first run."""

from footlights.web.rules.needs import ANYBODY, OWNER, SIGNED_IN, TO_SEE, TO_SEND, Surface

SERVICES = ("google", "facebook", "twitter_oauth2", "apple", "openid_connect")

SIGNING_IN = Surface(
    needs={
        # First run: exists only while nobody has an account
        "welcome:home": ANYBODY,
        # Signing in and up (django-allauth)
        "account_login": ANYBODY,
        "account_signup": ANYBODY,
        "account_logout": ANYBODY,
        "account_inactive": ANYBODY,
        "account_reset_password": ANYBODY,
        "account_reset_password_done": ANYBODY,
        "account_reset_password_from_key": ANYBODY,
        "account_reset_password_from_key_done": ANYBODY,
        "account_email_verification_sent": ANYBODY,
        "account_confirm_email": ANYBODY,
        "account_confirm_login_code": ANYBODY,
        "account_email": SIGNED_IN,
        "account_change_password": SIGNED_IN,
        "account_set_password": SIGNED_IN,
        "account_reauthenticate": SIGNED_IN,
        "account_request_login_code": ANYBODY,
        # The second step of signing in
        "mfa_authenticate": ANYBODY,
        "mfa_login_webauthn": ANYBODY,
        "mfa_index": SIGNED_IN,
        "mfa_reauthenticate": SIGNED_IN,
        "mfa_reauthenticate_webauthn": SIGNED_IN,
        "mfa_activate_totp": SIGNED_IN,
        "mfa_deactivate_totp": SIGNED_IN,
        "mfa_list_webauthn": SIGNED_IN,
        "mfa_add_webauthn": SIGNED_IN,
        "mfa_edit_webauthn": OWNER,
        "mfa_remove_webauthn": OWNER,
        "mfa_view_recovery_codes": SIGNED_IN,
        "mfa_generate_recovery_codes": SIGNED_IN,
        "mfa_download_recovery_codes": SIGNED_IN,
        # Other services' accounts; what is not configured answers nobody
        "socialaccount_signup": ANYBODY,
        "socialaccount_login_cancelled": ANYBODY,
        "socialaccount_login_error": ANYBODY,
        "socialaccount_connections": SIGNED_IN,
        "apple_finish_callback": ANYBODY,
        **{f"{service}_{step}": ANYBODY for service in SERVICES for step in ("login", "callback")},
    },
    proven={
        "account_email": TO_SEND,
        "account_set_password": TO_SEE,
        "socialaccount_connections": TO_SEE,
        "mfa_activate_totp": TO_SEE,
        "mfa_deactivate_totp": TO_SEE,
        "mfa_add_webauthn": TO_SEE,
        "mfa_edit_webauthn": TO_SEE,
        "mfa_remove_webauthn": TO_SEE,
        "mfa_view_recovery_codes": TO_SEE,
        "mfa_generate_recovery_codes": TO_SEE,
        "mfa_download_recovery_codes": TO_SEE,
    },
)
