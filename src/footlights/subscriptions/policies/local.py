"""Terms as one buyer is asked for them. Pure: the local price is given."""

import uuid
from dataclasses import replace

from footlights.prices.api import Asked
from footlights.subscriptions.records import Terms


def subject_of(terms_id: uuid.UUID) -> str:
    """What their local prices are kept under."""
    return f"terms:{terms_id}"


def asked_at_home(terms: Terms) -> Asked:
    return Asked(terms.price, terms.intro_price)


def asking(terms: Terms, asked: Asked) -> Terms:
    return replace(terms, price=asked.price, intro_price=asked.lesser)
