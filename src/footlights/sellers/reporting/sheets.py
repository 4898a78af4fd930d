"""The same figures for spreadsheets: DAC7's to the last unit, Form 1099-K's in the columns of the IRS's own upload.

DAC7: what Directive 2011/16/EU annex V section III part B asks of each seller, one row for each currency.

Form 1099-K: the columns of an upload to IRIS (Information Returns Intake System, IRS Publication 5717): those of payer
and recipient are common to all its forms, the boxes are the form's own (Rev. March 2024). Box 1a is before fees and
refunds, as the Instructions for Form 1099-K define the gross amount; box 1b is empty, as of all third party networks
("if these are third party network transactions, card not present transactions will not be reported"); box 3 counts
payments and no refunds; boxes 4 and 8 are zero, since nothing is withheld here.
"""

from collections.abc import Iterable, Iterator

from footlights.accounts.api import TaxpayerKind
from footlights.sellers.figures import MonthsOf, QuartersOf
from footlights.sellers.reporting.dpi import Operator

MOVIES = "5815"  # merchant category code: digital goods, media

DAC7_COLUMNS = (
    "seller",
    "kind",
    "name",
    "given_name",
    "family_name",
    "street",
    "postcode",
    "city",
    "country",
    "tin",
    "tin_country",
    "other_tin",
    "other_tin_country",
    "birth_date",
    "birth_place",
    "birth_country",
    "vat_number",
    "registration_number",
    "account_identifier",
    "account_holder",
    "residences",
    "currency",
    *(
        f"{name}_q{quarter}"
        for name in ("consideration", "activities", "fees", "taxes_withheld")
        for quarter in (1, 2, 3, 4)
    ),
)
PARTY = (
    "Name Type",
    "Business or Entity Name Line 1",
    "Business or Entity Name Line 2",
    "First Name",
    "Middle Name",
    "Last Name (Surname)",
    "Suffix",
    "Country",
    "Address Line 1",
    "Address Line 2",
    "City/Town",
    "State/Province/Territory",
    "ZIP/Postal Code",
)
MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
COLUMNS_1099K = (
    "Form Type",
    "Tax Year",
    "Payer TIN Type",
    "Payer Taxpayer ID Number",
    *(f"Payer {name}" for name in PARTY),
    "Payer Phone Type",
    "Payer Phone",
    "Payer Email Address",
    "Recipient TIN Type",
    "Recipient Taxpayer ID Number",
    *(f"Recipient {name}" for name in PARTY),
    "Office Code",
    "Form Account Number",
    "2nd TIN Notice",
    "Filer Type",
    "Transaction Type",
    "Box 1a - Gross amount of payment card/third party network transactions",
    "Box 1b - Card Not Present transactions",
    "Box 2 - Merchant category code",
    "Box 3 - Number of payment transactions",
    "Box 4 - Federal income tax withheld",
    *(f"Box 5{letter} - {month}" for letter, month in zip("abcdefghijkl", MONTH_NAMES, strict=True)),
    "Box 6 - State",
    "Box 7 - State identification no.",
    "Box 8 - State income tax withheld",
)


def dac7_rows(sellers: Iterable[QuartersOf]) -> Iterator[list[str]]:
    """The column heads, then a row for each."""
    yield list(DAC7_COLUMNS)
    for seller in sellers:
        who = seller.taxpayer
        yield [
            str(seller.person_id),
            who.kind.value,
            who.name,
            who.given_name,
            who.family_name,
            who.street,
            who.postcode,
            who.city,
            who.country,
            who.tax_number,
            who.country if who.tax_number else "",
            who.other_tax_number,
            who.other_country if who.other_tax_number else "",
            who.born_on.isoformat() if who.born_on else "",
            who.born_in,
            who.born_country,
            who.vat_number,
            who.registration_number,
            who.account_number,
            who.account_holder,
            " ".join(who.countries),
            seller.currency,
            *(str(amount.decimal) for amount in seller.amounts("credited")),
            *(str(count) for count in seller.counts()),
            *(str(amount.decimal) for amount in seller.amounts("fees_charged")),
            *["0"] * len(seller.quarters),
        ]


def rows_1099k(sellers: Iterable[MonthsOf], *, operator: Operator, year: int) -> Iterator[list[str]]:
    """The column heads, then a row for each. The payer's town, state and code are left to be typed."""
    yield list(COLUMNS_1099K)
    address = [*operator.address.splitlines(), "", ""][:2]
    payer = ["EIN", operator.tin, "B", operator.name, "", "", "", "", "", operator.country, *address, "", "", ""]
    for seller in sellers:
        who = seller.taxpayer
        is_person = who.kind is TaxpayerKind.PERSON
        yield [
            "1099-K",
            str(year),
            *payer,
            *["", "", ""],
            "SSN" if is_person else "EIN",
            "".join(filter(str.isdigit, who.tax_number)),
            "I" if is_person else "B",
            *[who.legal_name, "", who.given_name, "", who.family_name, ""],
            *[who.country, who.street, "", who.city, who.region.upper(), who.postcode],
            "",
            str(seller.person_id),
            "N",
            "PSE",
            "Third party network",
            str(seller.gross.decimal),
            "",
            MOVIES,
            str(seller.sales),
            "0.00",
            *(str(month.decimal) for month in seller.months),
            who.region.upper(),
            "",
            "0.00",
        ]
