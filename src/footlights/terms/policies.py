"""What a term may be. Pure: what the rules need is given to them."""

from django.utils.translation import gettext as _

from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import MAX_AMOUNT_MINOR, Money, exponent_of
from footlights.terms.records import DisputeAccess, NewTerm, PassSharing, PayoutSchedule, PriceLimits, Term

OF_A_KIND = frozenset({Term.FEE_BPS, Term.PRICE_FLOOR_MINOR, Term.PRICE_CEILING_MINOR})
OF_A_CURRENCY = frozenset(
    {
        Term.PRICE_FLOOR_MINOR,
        Term.PRICE_CEILING_MINOR,
        Term.PAYOUT_MINIMUM_MINOR,
        Term.PAYOUT_APPROVAL_MINOR,
        Term.REFUND_PROOF_MINOR,
    }
)
OF_A_CHANNEL = frozenset({Term.FEE_BPS, Term.RESERVE_BPS, Term.RESERVE_DAYS})  # where it says so

# What holds until somebody decides; the fee is settings.PLATFORM_FEE_BPS.
DEFAULT_SCHEDULE = PayoutSchedule.MONTHLY
DEFAULT_HOLD_DAYS = 7
DEFAULT_REFUND_DAYS = 0  # nobody refunds by themselves
DEFAULT_WATCHED_PERCENT = 10
DEFAULT_PROOF_MINOR = 0  # a proof for every refund
DEFAULT_DISPUTE_ACCESS = DisputeAccess.HOLD
DEFAULT_SELLER_HOLD_DAYS = SELLER_HOLD_DAYS_MIN = 60  # Directive 2011/16/EU annex V section IV part A(2)

HIGHEST = {
    Term.FEE_BPS: 10_000,
    Term.PAYOUT_HOLD_DAYS: 180,
    Term.PASS_SHARING: PassSharing.POOLED,
    Term.RESERVE_BPS: 10_000,
    Term.RESERVE_DAYS: 365,
    Term.REFUND_WITHIN_DAYS: 365,
    Term.REFUND_WATCHED_PERCENT: 100,
    Term.DISPUTE_ACCESS: max(DisputeAccess),
    Term.SELLER_HOLD_DAYS: 365,
}


def check_term(new: NewTerm) -> None:
    """Raises InvalidInputError with a sentence for the administrator, or ValueError for what no form can send."""
    if (new.kind is not None) != (new.term in OF_A_KIND) or bool(new.currency) != (new.term in OF_A_CURRENCY):
        raise ValueError(f"{new.term} is of another scope than {new}")
    if new.channel_id is not None and new.term not in OF_A_CHANNEL:
        raise ValueError(f"{new.term} is the same for every channel")
    if new.currency:
        exponent_of(new.currency)
    if new.value is None:
        return
    if new.term is Term.PAYOUT_SCHEDULE:
        PayoutSchedule(new.value)
    highest = HIGHEST.get(new.term, MAX_AMOUNT_MINOR)
    if not 0 <= new.value <= highest:
        raise InvalidInputError(_("Choose a number from 0 to %(highest)d.") % {"highest": highest}, field=new.term)
    if new.term is Term.SELLER_HOLD_DAYS and 0 < new.value < SELLER_HOLD_DAYS_MIN:
        raise InvalidInputError(
            _("The law gives at least %(days)d days; 0 holds nothing back.") % {"days": SELLER_HOLD_DAYS_MIN},
            field=new.term,
        )


def check_limits(limits: PriceLimits) -> None:
    """No price would be allowed between a floor and a ceiling below it. Raises InvalidInputError."""
    if limits.floor and limits.ceiling and limits.ceiling < limits.floor:
        raise InvalidInputError(
            _("The highest price would be below the lowest, %(lowest)s.") % {"lowest": limits.floor.format()},
            field=Term.PRICE_CEILING_MINOR,
        )


def check_price(price: Money, limits: PriceLimits) -> None:
    """Raises InvalidInputError with a sentence for the creator."""
    if limits.floor and price < limits.floor:
        raise InvalidInputError(
            _("The lowest price here is %(price)s.") % {"price": limits.floor.format()}, field="price"
        )
    if limits.ceiling and limits.ceiling < price:
        raise InvalidInputError(
            _("The highest price here is %(price)s.") % {"price": limits.ceiling.format()}, field="price"
        )
