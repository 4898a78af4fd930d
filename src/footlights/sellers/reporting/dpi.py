"""DAC7's report as XML, by the OECD's DPI XML Schema 1.0 as the European Union uses it.

Source: OECD (2022), Model Rules for Reporting by Digital Platform Operators: XML Schema and User Guide; elements and
their order by DPIXML_v1.0.xsd (urn:oecd:ties:dpi:v1), DocSpec by oecddpitypes_v1.0.xsd (urn:oecd:ties:dpistf:v1).

Amounts are whole units of their currency, rounded half to even, as the schema's MonAmnt_Type has it; a seller who
earned in several currencies is told once for each. What they earn is told as PersonalServices: the schema knows no
other kind that could be theirs. No tax is withheld from anybody here, so Taxes are zero: the tax in a price is the
house's own debt. Says new data (DPI401, OECD1) or that there is none (DPI403); corrections are made by hand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring
from zoneinfo import ZoneInfo

from footlights.accounts.api import Taxpayer, TaxpayerKind
from footlights.kernel.money import Money
from footlights.sellers.figures import QuartersOf

DPI, STF = "urn:oecd:ties:dpi:v1", "urn:oecd:ties:dpistf:v1"
CENTRAL_EUROPE = ZoneInfo("Europe/Brussels")  # "the default time zone is CET; a different one cannot be provided"
NEW_DATA, NO_DATA = "DPI401", "DPI403"
IBAN_LENGTH_MIN = 15


@dataclass(frozen=True, slots=True)
class Operator:
    """Who reports: the house, and where. `country` is the Member State it is resident in for tax, which gave `tin`."""

    name: str
    business_name: str
    address: str
    country: str
    tin: str


def dpi_xml(sellers: Iterable[QuartersOf], *, operator: Operator, year: int, message_id: UUID, at: datetime) -> bytes:
    """The whole message. `message_id` makes its references unique; another one is another message."""
    told = list(sellers)
    root = Element("dpi:DPI_OECD", {"xmlns:dpi": DPI, "xmlns:stf": STF, "version": "1.0"})
    _message(root, operator, year, message_id, at, is_empty=not told)
    body = SubElement(root, "dpi:DPIBody")
    _operator(body, operator, year, message_id)
    for seller in told:
        _seller(body, seller, f"{operator.country}{year}", message_id)
    indent(root)
    message: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return message


def _message(root: Element, by: Operator, year: int, message_id: UUID, at: datetime, *, is_empty: bool) -> None:
    spec = SubElement(root, "dpi:MessageSpec")
    _put(spec, "SendingEntityIN", by.tin)
    _put(spec, "TransmittingCountry", by.country)
    _put(spec, "ReceivingCountry", by.country)
    _put(spec, "MessageType", "DPI")
    _put(spec, "MessageRefId", f"{by.country}{year}{by.country}{message_id}")
    _put(spec, "MessageTypeIndic", NO_DATA if is_empty else NEW_DATA)
    _put(spec, "ReportingPeriod", f"{year}-12-31")
    local = at.astimezone(CENTRAL_EUROPE).replace(tzinfo=None)
    _put(spec, "Timestamp", local.isoformat(timespec="milliseconds"))


def _operator(body: Element, by: Operator, year: int, message_id: UUID) -> None:
    house = SubElement(body, "dpi:PlatformOperator")
    _put(house, "ResCountryCode", by.country)
    _put(house, "TIN", by.tin, issuedBy=by.country)
    _put(house, "Name", by.name)
    _put(house, "PlatformBusinessName", by.business_name)
    address = SubElement(house, "dpi:Address", legalAddressType="OECD304")
    _put(address, "CountryCode", by.country)
    _put(address, "AddressFree", " / ".join(by.address.splitlines()))
    _put(house, "Nexus", "RPONEX1")
    _put(house, "AssumedReporting", "false")
    _document(house, f"{by.country}{year}{message_id}")


def _seller(body: Element, seller: QuartersOf, prefix: str, message_id: UUID) -> None:
    who = seller.taxpayer
    told = SubElement(body, "dpi:ReportableSeller")
    is_person = who.kind is TaxpayerKind.PERSON
    kind = SubElement(SubElement(told, "dpi:Identity"), "dpi:IndividualSeller" if is_person else "dpi:EntitySeller")
    standard = SubElement(kind, "dpi:Standard")
    party = SubElement(standard, "dpi:IndSellerID" if is_person else "dpi:EntSellerID")
    for country in who.countries:
        _put(party, "ResCountryCode", country)
    _numbers(party, who)
    if is_person:
        _person(party, who)
    else:
        _put(party, "Name", who.legal_name)
        _address(party, who)
    _account(standard, who)
    activities = SubElement(SubElement(told, "dpi:RelevantActivities"), "dpi:PersonalServices")
    _quarters(activities, "Consideration", "ConsQ", seller.amounts("credited"))
    numbers = SubElement(activities, "dpi:NumberOfActivities")
    for quarter, count in enumerate(seller.counts(), start=1):
        _put(numbers, f"NumbQ{quarter}", str(count))
    _quarters(activities, "Fees", "FeesQ", seller.amounts("fees_charged"))
    _quarters(activities, "Taxes", "TaxQ", [Money(0, seller.currency)] * len(seller.quarters))
    _document(told, f"{prefix}{uuid5(message_id, f'{seller.person_id}{seller.currency}')}")


def _numbers(party: Element, who: Taxpayer) -> None:
    numbers = [(who.tax_number, who.country), (who.other_tax_number, who.other_country)]
    known = [(number, country) for number, country in numbers if number]
    for number, country in known:
        _put(party, "TIN", number, issuedBy=country)
    if not known:
        _put(party, "TIN", "NOTIN", unknown="true")
    if who.registration_number:
        _put(party, "IN", who.registration_number, issuedBy=who.country, INType="BRN")
    if who.vat_number:
        _put(party, "VAT", who.vat_number)


def _person(party: Element, who: Taxpayer) -> None:
    name = SubElement(party, "dpi:Name")
    _put(name, "FirstName", who.given_name)
    _put(name, "LastName", who.family_name)
    _address(party, who)
    birth = SubElement(party, "dpi:BirthInfo")
    _put(birth, "BirthDate", who.born_on.isoformat() if who.born_on else "")
    if who.born_in:
        place = SubElement(birth, "dpi:BirthPlace")
        _put(place, "City", who.born_in)
        _put(SubElement(place, "dpi:CountryInfo"), "CountryCode", who.born_country)


def _address(party: Element, who: Taxpayer) -> None:
    address = SubElement(party, "dpi:Address", legalAddressType="OECD301")
    _put(address, "CountryCode", who.country)
    fixed = SubElement(address, "dpi:AddressFix")
    _put(fixed, "Street", who.street)
    _put(fixed, "PostCode", who.postcode)
    _put(fixed, "City", who.city)


def _account(standard: Element, who: Taxpayer) -> None:
    if not who.account_number:
        return
    account = SubElement(standard, "dpi:FinancialIdentifier")
    is_iban = who.account_number[:2].isalpha() and len(who.account_number) >= IBAN_LENGTH_MIN
    _put(account, "Identifier", who.account_number, AccountNumberType="IBAN" if is_iban else "OBAN")
    if who.account_holder:
        _put(account, "AccountHolderName", who.account_holder)


def _quarters(parent: Element, name: str, prefix: str, amounts: Sequence[Money]) -> None:
    told = SubElement(parent, f"dpi:{name}")
    for quarter, amount in enumerate(amounts, start=1):
        whole = amount.decimal.to_integral_value(ROUND_HALF_EVEN)
        _put(told, f"{prefix}{quarter}", str(int(whole)), currCode=amount.currency)


def _document(parent: Element, reference: str) -> None:
    spec = SubElement(parent, "dpi:DocSpec")
    SubElement(spec, "stf:DocTypeIndic").text = "OECD1"
    SubElement(spec, "stf:DocRefId").text = reference


def _put(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, f"dpi:{name}", attributes).text = text
