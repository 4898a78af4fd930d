"""What a tax office asks of whom, and what is wrong with an answer. Pure.

European Union: Directive 2011/16/EU annex V section II part B (added by Directive (EU) 2021/514, DAC7): name, primary
address, each tax number with the state that gave it, or the place of birth where there is none, the VAT number where
there is one, a business's registration number, a person's date of birth; and section III part B: the account's number
and its holder where that is somebody else, as far as they are known.
United States: Form W-9 (name, address, tax number, certification), of which Form 1099-K is made (26 U.S.C. 6050W).
Elsewhere: name and address, so that it is known that neither applies.
"""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _
from stdnum.eu.vat import MEMBER_STATES

from footlights.accounts.records import Taxpayer, TaxpayerKind
from footlights.accounts.taxpayer_numbers import tidy_account_number, tidy_tax_number, tidy_vat_number

UNION = frozenset(state.upper() for state in MEMBER_STATES) - {"XI"}  # Northern Ireland is in it for goods alone
UNITED_STATES = "US"
LENGTH_MAX = 200  # DPI XML Schema: StringMin1Max200
BORN_EARLIEST = date(1900, 1, 1)

NAMES = {
    TaxpayerKind.PERSON: frozenset({"given_name", "family_name"}),
    TaxpayerKind.BUSINESS: frozenset({"legal_name"}),
}
OF_THE_UNION = frozenset({"vat_number", "account_number", "account_holder"})
OF_A_PERSON_THERE = frozenset({"born_on", "born_in", "born_country"})
OF_THE_UNITED_STATES = frozenset({"region", "is_certified"})
TEXTS = (
    "given_name",
    "family_name",
    "legal_name",
    "street",
    "postcode",
    "city",
    "region",
    "registration_number",
    "born_in",
    "account_holder",
)


def asked_of(*, country: str, kind: TaxpayerKind) -> frozenset[str]:
    """The fields of a taxpayer that somebody there is asked for at all."""
    asked = NAMES[kind] | {"street", "postcode", "city", "tax_number", "other_country", "other_tax_number"}
    if country == UNITED_STATES:
        return asked | OF_THE_UNITED_STATES
    if country in UNION:
        asked |= OF_THE_UNION
        asked |= {"registration_number"} if kind is TaxpayerKind.BUSINESS else OF_A_PERSON_THERE
    return asked


def required_of(given: Taxpayer) -> frozenset[str]:
    """Those of them that must not stay empty, given the others."""
    required = NAMES[given.kind] | {"street", "city"}
    if given.country == UNITED_STATES:
        return required | {"postcode", "region", "tax_number", "is_certified"}
    if given.country in UNION:
        required |= {"postcode"}
        required |= {"registration_number"} if given.kind is TaxpayerKind.BUSINESS else {"born_on"}
        required |= _number_or_birth(given)
    return required | ({"other_tax_number"} if given.other_country else set())


def faults_of(given: Taxpayer, *, on: date) -> dict[str, str]:
    """What is wrong, by field, each in a sentence for whoever typed it; empty when all is well."""
    missing = {name: _("The tax office asks for this.") for name in required_of(given) if not getattr(given, name)}
    if "is_certified" in missing:
        missing["is_certified"] = _("Without this we may not send you money from here.")
    return dict(_slips(given, on)) | missing


def _number_or_birth(given: Taxpayer) -> set[str]:
    if given.kind is TaxpayerKind.PERSON and not given.tax_number and (given.born_in or given.born_country):
        return {"born_in", "born_country"}
    return {"tax_number"}


def _slips(given: Taxpayer, on: date) -> Iterator[tuple[str, str]]:
    for name in TEXTS:
        text = getattr(given, name)
        if len(text) > LENGTH_MAX or not text.isprintable():
            yield name, _("A few plain words are enough.")
    if given.tax_number and not tidy_tax_number(given.tax_number, given.country):
        yield "tax_number", _("No tax number there looks like this. Look for a slip.")
    if given.other_country in UNION and given.country not in UNION:
        yield "other_country", _("Choose this country first, under Change: its tax office asks for more.")
    if given.other_country == given.country:
        yield "other_country", _("That is the country above. Leave this empty if there is no other.")
    if given.other_tax_number and not tidy_tax_number(given.other_tax_number, given.other_country):
        yield "other_tax_number", _("No tax number there looks like this. Look for a slip.")
    if given.vat_number and not tidy_vat_number(given.vat_number):
        yield "vat_number", _("No VAT number looks like this. It begins with the country's two letters.")
    if given.account_number and not tidy_account_number(given.account_number):
        yield "account_number", _("This account number does not add up. Look for a slip.")
    if given.born_on and not BORN_EARLIEST <= given.born_on < on:
        yield "born_on", _("Nobody who earns here was born on that day.")
