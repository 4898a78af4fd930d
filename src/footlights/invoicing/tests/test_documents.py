"""Receipts, invoices and credit notes: what they hold, how they are numbered, that they stay as they are."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from footlights.invoicing.api import (
    HOUSE,
    BuyerDetails,
    CreditedTooMuchError,
    DocumentKind,
    NewLine,
    NumberedOutsideTransactionError,
    SellerDetails,
    find_buyer,
    find_by_number,
    find_seller,
    get_document,
    issue_document,
    keep_buyer,
    keep_seller,
    list_documents,
    list_documents_about,
    list_documents_of_buyer,
    list_documents_of_seller,
    open_pdf,
    open_sheet,
    take_credit_back,
    tax_totals,
)
from footlights.invoicing.models import CounterRow, DocumentRow
from footlights.invoicing.resealing import reseal_buyers, reseal_documents, reseal_sellers
from footlights.invoicing.tests.conftest import AT, credit, euros, issue, line
from footlights.kernel.errors import IdempotencyConflictError, InvalidInputError, NotFoundError
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money

NORD = SellerDetails("Nord GmbH", "Hafenstraße 12\n20457 Hamburg", "DE123456789", "office@nord.example")


def test_a_house_that_has_not_said_who_it_is_gives_receipts(viewer):
    issued = issue(viewer)
    assert (issued.kind, issued.number, issued.gross, issued.tax) == (
        DocumentKind.RECEIPT,
        "2026-000001",
        euros(400),
        euros(64),
    )


def test_a_house_that_has_said_who_it_is_gives_invoices(viewer, staff):
    keep_seller(seller_id=HOUSE, details=NORD, by_id=staff.id)
    issued = issue(viewer)
    assert issued.kind is DocumentKind.INVOICE
    sheet = open_sheet(issued.id)
    assert (sheet.seller.name, sheet.seller.lines[0]) == ("Nord GmbH", "Hafenstraße 12")


def test_a_channel_sells_in_its_own_name_while_the_house_has_none(viewer, staff):
    channel_id = new_id()
    keep_seller(seller_id=channel_id, details=SellerDetails("Ada Film"), by_id=staff.id)
    issued, other = issue(viewer, channel_id=channel_id), issue(viewer, "sale:2")
    assert (issued.seller_id, other.seller_id) == (channel_id, HOUSE)
    assert issued.number.endswith("-2026-000001")
    assert other.number == "2026-000001"
    assert credit("refund:1", "sale:1", 400, 64).number == issued.number.replace("000001", "000002")
    keep_seller(seller_id=HOUSE, details=NORD, by_id=staff.id)
    assert issue(viewer, "sale:3", channel_id=channel_id).seller_id == HOUSE


def test_numbers_follow_each_other_and_begin_anew_each_year(viewer):
    numbers = [issue(viewer, f"sale:{n}").number for n in range(3)]
    numbers.append(issue(viewer, "sale:next", at=datetime(2027, 1, 1, tzinfo=UTC)).number)
    assert numbers == ["2026-000001", "2026-000002", "2026-000003", "2027-000001"]


def test_the_same_cause_is_the_same_document(viewer):
    assert issue(viewer) == issue(viewer)
    with pytest.raises(IdempotencyConflictError):
        issue(viewer, lines=[line(net=335)])
    assert DocumentRow.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_number_is_not_spent_outside_a_transaction(viewer):
    with pytest.raises(NumberedOutsideTransactionError):
        issue_document(cause="c", subject="s", buyer_id=viewer.id, channel_id=new_id(), lines=[line()], at=AT)
    assert not CounterRow.objects.exists()


def test_a_document_has_lines_in_one_currency(viewer):
    for lines in ([], [line(), NewLine("x", Money(1, "USD"), Money(0, "USD"))]):
        with pytest.raises(InvalidInputError), transaction.atomic():
            issue_document(cause="c", subject="s", buyer_id=viewer.id, channel_id=new_id(), lines=lines, at=AT)


def test_it_says_what_the_buyer_wanted_on_it_and_keeps_saying_so(viewer):
    keep_buyer(person_id=viewer.id, details=BuyerDetails("Núñez  y Cía", "Calle Mayor 3\n\n 28013 Madrid ", "esb1"))
    issued = issue(viewer)
    keep_buyer(person_id=viewer.id, details=BuyerDetails("Somebody else"))
    buyer = open_sheet(issued.id).buyer
    assert (buyer.name, buyer.lines) == ("Núñez y Cía", ("Calle Mayor 3", "28013 Madrid", "ESB1", "ana@example.org"))
    assert find_buyer(viewer.id) == BuyerDetails("Somebody else")
    assert find_buyer(new_id()) is None


def test_without_wishes_it_says_the_name_and_the_mail_address(viewer):
    buyer = open_sheet(issue(viewer).id).buyer
    assert (buyer.name, buyer.lines) == ("Ana Núñez", ("ana@example.org",))


def test_names_and_addresses_are_sealed(viewer, staff):
    keep_seller(seller_id=HOUSE, details=NORD, by_id=staff.id)
    keep_buyer(person_id=viewer.id, details=BuyerDetails("Ana Núñez"))
    issue(viewer)
    with connection.cursor() as cursor:
        for table in ("invoicing_document", "invoicing_seller", "invoicing_buyer"):  # names of ours
            cursor.execute(f"select to_jsonb(each)::text, encode(sealed, 'escape') from {table} each")  # noqa: S608
            for shown, sealed in cursor.fetchall():
                assert not any(word in shown + sealed for word in ("Nord", "Ana", "ana@"))
    assert (reseal_documents(), reseal_sellers(), reseal_buyers()) == (0, 0, 0)
    assert find_seller() == NORD


@pytest.mark.parametrize(
    "statement",
    [
        "update invoicing_document set gross_minor = 1, net_minor = 1, tax_minor = 0",
        "update invoicing_document set number = 'x'",
        "delete from invoicing_document",
        "truncate invoicing_document cascade",
        "update invoicing_line set tax_minor = 0",
        "delete from invoicing_line",
        "update invoicing_counter set last = last + 2",
        "update invoicing_counter set last = last - 1",
        "delete from invoicing_counter",
    ],
)
def test_the_database_refuses_to_alter_what_was_issued(viewer, statement):
    issue(viewer)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_refuses_a_gap(viewer):
    issue(viewer)
    row = DocumentRow.objects.get()
    row.pk, row.cause, row.sequence, row.number = new_id(), "other", 3, "2026-000003"
    with pytest.raises(DatabaseError, match="gap"), transaction.atomic():
        row.save(force_insert=True)


def test_a_credit_note_takes_back_a_part_then_the_rest(viewer):
    issue(viewer)
    first = credit("refund:1", "sale:1", 100, 16)
    second = credit("refund:2", "sale:1", 300, 48)
    assert (first.kind, first.number, first.gross, first.tax) == (
        DocumentKind.CREDIT_NOTE,
        "2026-000002",
        euros(-100),
        euros(-16),
    )
    assert credit("refund:2", "sale:1", 300, 48) == second
    [total] = tax_totals(since=datetime(2026, 1, 1, tzinfo=UTC), until=datetime(2027, 1, 1, tzinfo=UTC))
    assert (total.country, total.rate_bps, total.net, total.tax, total.documents) == ("DE", 1900, euros(0), euros(0), 3)
    assert "2026-000001" in dict(open_sheet(first.id).facts)["Corrects"]


@pytest.mark.parametrize(("returned", "tax"), [(401, 64), (400, 65)])
def test_never_more_is_credited_than_was_invoiced(viewer, returned, tax):
    issue(viewer)
    with pytest.raises(CreditedTooMuchError):
        credit("refund:1", "sale:1", returned, tax)
    assert CounterRow.objects.get().last == 1


@pytest.mark.parametrize(("returned", "tax"), [(0, 0), (-1, 0), (10, 11), (10, -1)])
def test_a_credit_of_nothing_is_refused(viewer, returned, tax):
    issue(viewer)
    with pytest.raises(InvalidInputError):
        credit("refund:1", "sale:1", returned, tax)


def test_what_was_never_documented_is_not_corrected(db):
    assert credit("refund:1", "sale:1", 100, 16) is None


def test_documents_are_found_by_number_buyer_channel_and_what_they_are_about(viewer):
    channel_id = new_id()
    issued = issue(viewer, channel_id=channel_id)
    note = credit("refund:1", "sale:1", 400, 64)
    assert find_by_number(" 2026-000001 ") == issued == get_document(issued.id)
    assert find_by_number("2026-000009") is None
    assert set(list_documents_of_buyer(viewer.id)) == {issued, note} == set(list_documents())
    assert set(list_documents_of_seller(HOUSE)) == {issued, note}
    assert list_documents_about([issued.subject]) == [issued, note]
    assert list_documents_of_buyer(new_id()) == list_documents_of_buyer(viewer.id, page=2) == []
    with pytest.raises(NotFoundError):
        get_document(new_id())


def test_the_pdf_is_tagged_kept_and_always_the_same(viewer):
    issued = issue(viewer)
    pdf = open_pdf(issued.id)
    assert pdf == open_pdf(issued.id)
    assert pdf.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in pdf
    assert b"pdfaid:part" in pdf
    assert b"pdfuaid:part" in pdf


@pytest.mark.parametrize(
    "details",
    [SellerDetails("  "), SellerDetails("x" * 121), SellerDetails("x", "a\n" * 9), SellerDetails("x", "a" * 401)],
)
def test_a_seller_without_a_name_or_with_too_much_of_one_is_refused(staff, details):
    with pytest.raises(InvalidInputError):
        keep_seller(seller_id=HOUSE, details=details, by_id=staff.id)


def test_a_number_that_was_given_already_is_an_error_and_not_another_document(viewer, monkeypatch):
    issue(viewer)
    monkeypatch.setattr("footlights.invoicing.policies.number_of", lambda **_: "2026-000001")
    with pytest.raises(IntegrityError):
        issue(viewer, "sale:2")
    assert CounterRow.objects.get().last == 1


def test_a_refund_that_came_back_is_charged_again_and_may_be_refunded_anew(viewer):
    sale = issue(viewer)
    credit("refund:1", "sale:1", 400, 64)
    with transaction.atomic():
        again = take_credit_back(cause="undone:1", credit_cause="refund:1", at=AT)
    assert (again.kind, again.gross, again.tax, again.corrects_id) == (sale.kind, euros(400), euros(64), sale.id)
    assert "2026-000002" in dict(open_sheet(again.id).facts)["Corrects"]
    assert take_credit_back(cause="undone:1", credit_cause="refund:1", at=AT) == again
    assert credit("refund:2", "sale:1", 400, 64).gross == euros(-400)
    with pytest.raises(CreditedTooMuchError):
        credit("refund:3", "sale:1", 1, 0)
    assert take_credit_back(cause="undone:x", credit_cause="sale:1", at=AT) is None
    assert take_credit_back(cause="undone:x", credit_cause="nothing", at=AT) is None
