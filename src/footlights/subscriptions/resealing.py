"""How the gateways' pages that memberships lead to, and the numbers of businesses, are sealed anew."""

from footlights.kernel.reseal import reseals
from footlights.kernel.sealed_text import reseal_sealed_text


@reseals("pages of memberships")
def reseal_pages() -> int:
    return reseal_sealed_text(table="subscriptions_subscription", key="id", column="hosted_url")


@reseals("businesses with memberships")
def reseal_business_numbers() -> int:
    return reseal_sealed_text(table="subscriptions_subscription", key="id", column="business_number")
