"""How the names and addresses of documents, sellers and buyers are sealed anew."""

from footlights.invoicing import sealing
from footlights.kernel.reseal import reseal_column, reseals


@reseals("receipts and invoices")
def reseal_documents() -> int:
    return reseal_column(table="invoicing_document", key="id", column="sealed", context=sealing.of_document)


@reseals("who sells")
def reseal_sellers() -> int:
    return reseal_column(table="invoicing_seller", key="seller_id", column="sealed", context=sealing.of_seller)


@reseals("what buyers want on their invoices")
def reseal_buyers() -> int:
    return reseal_column(table="invoicing_buyer", key="person_id", column="sealed", context=sealing.of_buyer)
