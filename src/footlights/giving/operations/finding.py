"""What a payment's reference names."""

import uuid

from footlights.giving.models import KINDS, Given


def find(reference: str) -> Given:
    model, identifier = _named(reference)
    return model.objects.get(pk=identifier)


def lock(reference: str) -> Given:
    """The same, locked until the caller's transaction ends."""
    model, identifier = _named(reference)
    return model.objects.select_for_update(no_key=True).get(pk=identifier)


def _named(reference: str) -> tuple[type[Given], uuid.UUID]:
    kind, _, identifier = reference.partition(":")
    return KINDS[kind], uuid.UUID(identifier)
