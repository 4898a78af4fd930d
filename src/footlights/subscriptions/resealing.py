"""How the gateways' pages that memberships lead to are sealed anew."""

from footlights.kernel.reseal import reseals
from footlights.kernel.sealed_text import reseal_sealed_text


@reseals("pages of memberships")
def reseal_pages() -> int:
    return reseal_sealed_text(table="subscriptions_subscription", key="id", column="hosted_url")
