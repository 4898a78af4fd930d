"""A document as its reader sees it: every word and amount in the buyer's language. Page and PDF show the same sheet."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_percent

from footlights.invoicing.languages import locale_of, words_in
from footlights.invoicing.records import Document, DocumentKind, NewLine, Reversed, Snapshot

TITLES = {
    DocumentKind.RECEIPT: "Receipt",
    DocumentKind.INVOICE: "Invoice",
    DocumentKind.CREDIT_NOTE: "Credit note",
}

HIDDEN = "•••"
KINDS = {
    "buy": "To keep",
    "rent": "Rental",
    "ticket": "Ticket",
    "subscription": "Subscription",
    "gift": "Gift",
    "tip": "Tip",
    "bundle": "Bundle",
}


@dataclass(frozen=True, slots=True)
class Party:
    heading: str
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetLine:
    description: str
    more: str
    rate: str
    net: str
    tax: str
    gross: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """`sums` are (label, amount), the last of them the total. `facts` are (label, value)."""

    language: str
    direction: str
    service: str
    title: str
    number: str
    facts: tuple[tuple[str, str], ...]
    seller: Party
    buyer: Party
    headings: SheetLine
    lines: tuple[SheetLine, ...]
    is_taxed: bool
    sums: tuple[tuple[str, str], ...]
    total: tuple[str, str]
    notes: tuple[str, ...]


def make_sheet(document: Document, snapshot: Snapshot) -> Sheet:
    say, locale = words_in(document.language), locale_of(document.language)
    is_taxed = any(line.tax_name for line in snapshot.lines)
    return Sheet(
        language=document.language,
        direction=locale.text_direction,
        service=snapshot.service,
        title=say(TITLES[document.kind]),
        number=document.number,
        facts=_facts(document, snapshot, locale),
        seller=_seller(snapshot, document.language),
        buyer=_buyer(snapshot, document.language),
        headings=SheetLine(say("What"), "", say("Tax rate"), say("Net"), say("Tax"), say("Amount")),
        lines=tuple(_line(line, document.language) for line in snapshot.lines),
        is_taxed=is_taxed,
        sums=_sums(document, snapshot, locale) if is_taxed else (),
        total=(
            say("Credited") if document.kind is DocumentKind.CREDIT_NOTE else say("Total"),
            document.gross.format(str(locale)),
        ),
        notes=_notes(document, snapshot, is_taxed=is_taxed),
    )


def mask_buyer(sheet: Sheet) -> Sheet:
    """The same for who may see what was paid, but not by whom."""
    return replace(sheet, buyer=replace(sheet.buyer, name=HIDDEN, lines=()))


def _facts(document: Document, snapshot: Snapshot, locale: Locale) -> tuple[tuple[str, str], ...]:
    say = words_in(document.language)
    facts = [(say("Number"), document.number), (say("Date"), _day(document.issued_at, locale))]
    if snapshot.corrects_number and snapshot.corrects_issued_at:
        corrected = f"{snapshot.corrects_number}, {_day(snapshot.corrects_issued_at, locale)}"
        facts.append((say("Corrects"), corrected))
    return tuple(facts)


def _seller(snapshot: Snapshot, language: str) -> Party:
    seller = snapshot.seller
    numbers = [seller.tax_ids]
    if snapshot.reversed and _bare(snapshot.reversed.own_number) not in _bare(seller.tax_ids):
        numbers.append(snapshot.reversed.own_number)
    lines = [*seller.address.splitlines(), *numbers, seller.mail]
    return Party(words_in(language)("Sold by"), seller.legal_name, tuple(line for line in lines if line))


def _buyer(snapshot: Snapshot, language: str) -> Party:
    buyer = snapshot.buyer
    name = buyer.name or snapshot.buyer_mail
    number = snapshot.reversed.number if snapshot.reversed else buyer.tax_id
    lines = [*buyer.address.splitlines(), number, snapshot.buyer_mail if buyer.name else ""]
    return Party(words_in(language)("Sold to"), name, tuple(line for line in lines if line))


def _line(line: NewLine, language: str) -> SheetLine:
    say, locale = words_in(language), locale_of(language)
    more = [say(KINDS[line.kind])] if line.kind in KINDS else []
    if line.begins and line.ends:
        more.append(
            f"{format_date(line.begins, 'medium', locale)} \N{EN DASH} {format_date(line.ends, 'medium', locale)}"
        )
    return SheetLine(
        description=line.description,
        more=" · ".join(more),
        rate=_percent(line.rate_bps, locale) if line.tax_name else "",
        net=line.net.format(str(locale)),
        tax=line.tax.format(str(locale)),
        gross=line.gross.format(str(locale)),
    )


def _sums(document: Document, snapshot: Snapshot, locale: Locale) -> tuple[tuple[str, str], ...]:
    """Net, then each tax: “VAT 19 %, Germany”."""
    say = words_in(document.language)
    sums = [(say("Net"), document.net.format(str(locale)))]
    taxes: dict[tuple[str, str, int], list[NewLine]] = {}
    for line in snapshot.lines:
        if line.tax_name:
            taxes.setdefault((line.tax_name, line.country, line.rate_bps), []).append(line)
    for (name, country, rate_bps), lines in taxes.items():
        place = locale.territories.get(country, country)
        total = sum((line.tax for line in lines[1:]), lines[0].tax)
        sums.append((f"{say(name)} {_percent(rate_bps, locale)}, {place}", total.format(str(locale))))
    return tuple(sums)


def _notes(document: Document, snapshot: Snapshot, *, is_taxed: bool) -> tuple[str, ...]:
    say, notes = words_in(document.language), []
    if document.kind is DocumentKind.CREDIT_NOTE:
        notes.append(say("The amount goes back to the means of payment you used."))
    elif document.gross:
        notes.append(say("Paid in full. Thank you."))
    if snapshot.reversed:
        notes.append(say("Reverse charge: the buyer owes the tax."))
        notes.append(say("Numbers: seller %(own)s, buyer %(number)s.") % _numbers(snapshot.reversed))
        if snapshot.reversed.is_in_union:
            notes.append("Directive 2006/112/EC, art. 196.")
    elif document.kind is DocumentKind.INVOICE and not is_taxed:
        notes.append(say("No tax is charged on this sale."))
    if snapshot.seller.legal_name != snapshot.service:
        notes.append(say("Bought on %(service)s.") % {"service": snapshot.service})
    return tuple(notes)


def _numbers(reversed_by: Reversed) -> dict[str, str]:
    return {"own": reversed_by.own_number, "number": reversed_by.number}


def _bare(number: str) -> str:
    """Without what people put between its letters."""
    return "".join(each for each in number if each.isalnum()).upper()


def _day(at: datetime, locale: Locale) -> str:
    return format_date(at.date(), "long", locale)


def _percent(rate_bps: int, locale: Locale) -> str:
    return format_percent(Decimal(rate_bps) / 10_000, locale=locale, decimal_quantization=False)
