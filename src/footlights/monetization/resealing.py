"""How the gateways' pages that purchases lead to, and the codes of the press, are sealed anew."""

from footlights.kernel.reseal import reseals
from footlights.kernel.sealed_text import reseal_sealed_text
from footlights.monetization.models import PressCodeRow, PurchaseRow


@reseals("pages of gateways")
def reseal_pages() -> int:
    return reseal_sealed_text(table=PurchaseRow._meta.db_table, key="id", column="hosted_url")  # noqa: SLF001  Django's documented meta


@reseals("press codes")
def reseal_press_codes() -> int:
    return reseal_sealed_text(table=PressCodeRow._meta.db_table, key="id", column="code")  # noqa: SLF001  as above
