"""Which gateway takes new payments: read from the environment. Never talks to one."""

from collections.abc import Mapping

from footlights.kernel.errors import FootlightsError

NEEDED: dict[str, tuple[str, ...]] = {  # the first in the table whose first is set is chosen, unless one is named
    "stripe": ("FOOTLIGHTS_STRIPE_SECRET_KEY",),
    "paypal": ("FOOTLIGHTS_PAYPAL_CLIENT_ID", "FOOTLIGHTS_PAYPAL_SECRET", "FOOTLIGHTS_PAYPAL_WEBHOOK_IDS"),
    "sandbox": (),
}


class PaymentSettingsError(FootlightsError):
    code = "payment_settings"


TAX_CALCULATORS = "tables", "stripe"


def read_gateway(environ: Mapping[str, str]) -> str:
    """Its name. Raises PaymentSettingsError when there is none of that name, or it is configured by half."""
    configured = [name for name, needed in NEEDED.items() if needed and environ.get(needed[0])]
    name = environ.get("FOOTLIGHTS_PAYMENTS") or next(iter(configured), "sandbox")
    if name not in NEEDED:
        raise PaymentSettingsError(f"FOOTLIGHTS_PAYMENTS is “{name}”; it may be {', '.join(NEEDED)}.")
    for variable in NEEDED[name]:
        if not environ.get(variable):
            raise PaymentSettingsError(f"Payments by {name} need {variable}. Set it, or take payments otherwise.")
    return name


def read_tax_calculator(environ: Mapping[str, str]) -> str:
    """Its name. Raises PaymentSettingsError when there is none of that name, or Stripe's without a key."""
    name = environ.get("FOOTLIGHTS_TAXES") or TAX_CALCULATORS[0]
    if name not in TAX_CALCULATORS:
        raise PaymentSettingsError(f"FOOTLIGHTS_TAXES is “{name}”; it may be {', '.join(TAX_CALCULATORS)}.")
    if name == "stripe" and not environ.get("FOOTLIGHTS_STRIPE_SECRET_KEY"):
        raise PaymentSettingsError("Stripe Tax needs FOOTLIGHTS_STRIPE_SECRET_KEY. Set it, or leave FOOTLIGHTS_TAXES.")
    return name
