"""How what is said with a gift, and the gateways' pages that givers are led to, are sealed anew."""

from footlights.giving.models import GiftRow, TipRow
from footlights.kernel.reseal import reseals
from footlights.kernel.sealed_text import reseal_sealed_text

OF_GIFTS = ("code", "recipient", "sender", "message", "hosted_url")


@reseals("gifts")
def reseal_gifts() -> int:
    table = GiftRow._meta.db_table  # noqa: SLF001  Django's documented meta
    return sum(reseal_sealed_text(table=table, key="id", column=column) for column in OF_GIFTS)


@reseals("pages that tips lead to")
def reseal_tips() -> int:
    return reseal_sealed_text(table=TipRow._meta.db_table, key="id", column="hosted_url")  # noqa: SLF001  as above
