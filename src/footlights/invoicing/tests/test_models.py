"""Rows say in a log what they are, and nothing about people."""

from footlights.invoicing.models import HOUSE, BuyerRow, CounterRow, DocumentRow, LineRow, SellerRow


def test_rows_are_named_by_ids_and_numbers():
    named = [
        str(SellerRow(seller_id=HOUSE)),
        str(BuyerRow(person_id=HOUSE)),
        str(CounterRow(seller_id=HOUSE, year=2026, last=7)),
        str(DocumentRow(number="2026-000007")),
        str(LineRow(document_id=HOUSE, position=0)),
    ]
    assert named == [f"seller {HOUSE}", f"buyer {HOUSE}", f"{HOUSE} 2026: 7", "2026-000007", f"{HOUSE} 0"]
