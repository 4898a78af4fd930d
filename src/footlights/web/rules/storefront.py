"""What everybody may look at."""

from footlights.web.rules.needs import ANYBODY, SIGNED_IN, Surface

STOREFRONT = Surface(
    needs={
        # Storefront
        "storefront:home": ANYBODY,
        "storefront:search": ANYBODY,
        "storefront:category": ANYBODY,
        "storefront:channel": ANYBODY,
        "storefront:follow": SIGNED_IN,
        "storefront:feed": ANYBODY,
        "storefront:title": ANYBODY,
        "storefront:collection": ANYBODY,
        "storefront:library": SIGNED_IN,
        "storefront:currency": ANYBODY,
        "storefront:robots": ANYBODY,
        "storefront:sitemap": ANYBODY,
        "storefront:sitemap_page": ANYBODY,
    },
)
