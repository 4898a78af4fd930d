import pytest

from footlights.config.payment_service import PaymentSettingsError, read_gateway, read_tax_calculator

STRIPE = {"FOOTLIGHTS_STRIPE_SECRET_KEY": "k"}
PAYPAL = {f"FOOTLIGHTS_PAYPAL_{name}": "x" for name in ("CLIENT_ID", "SECRET", "WEBHOOK_IDS")}


@pytest.mark.parametrize(
    ("settings", "gateway"),
    [
        ({}, "sandbox"),
        (STRIPE, "stripe"),
        (PAYPAL, "paypal"),
        (STRIPE | PAYPAL, "stripe"),
        (STRIPE | PAYPAL | {"FOOTLIGHTS_PAYMENTS": "paypal"}, "paypal"),
        (STRIPE | {"FOOTLIGHTS_PAYMENTS": "sandbox"}, "sandbox"),
    ],
)
def test_payments_go_to_what_is_configured_or_named(settings: dict[str, str], gateway: str) -> None:
    assert read_gateway(settings) == gateway


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"FOOTLIGHTS_PAYMENTS": "paypall"}, "stripe, paypal, sandbox"),
        ({"FOOTLIGHTS_PAYMENTS": "stripe"}, "FOOTLIGHTS_STRIPE_SECRET_KEY"),
        ({**PAYPAL, "FOOTLIGHTS_PAYPAL_WEBHOOK_IDS": ""}, "FOOTLIGHTS_PAYPAL_WEBHOOK_IDS"),
    ],
)
def test_what_is_named_wrongly_or_configured_by_half_is_told_at_the_start(settings: dict[str, str], said: str) -> None:
    with pytest.raises(PaymentSettingsError, match=said):
        read_gateway(settings)


def test_taxes_are_worked_out_by_our_tables_unless_stripes_are_chosen() -> None:
    assert read_tax_calculator({}) == read_tax_calculator(STRIPE) == "tables"
    assert read_tax_calculator(STRIPE | {"FOOTLIGHTS_TAXES": "stripe"}) == "stripe"


@pytest.mark.parametrize(
    ("settings", "said"),
    [({"FOOTLIGHTS_TAXES": "avalara"}, "tables, stripe"), ({"FOOTLIGHTS_TAXES": "stripe"}, "STRIPE_SECRET_KEY")],
)
def test_a_tax_calculator_that_cannot_be_is_told_at_the_start(settings: dict[str, str], said: str) -> None:
    with pytest.raises(PaymentSettingsError, match=said):
        read_tax_calculator(settings)
