"""What each address needs: one file for each surface, put together here. A route without a rule answers nobody.

Owns which permission opens each route; who holds which is said in accounts/roles.py, and web/access.py applies it.
A new surface is a new file and its line below.
"""

from collections.abc import Iterable

from django.core.exceptions import ImproperlyConfigured

from footlights.web.rules.account import ACCOUNT
from footlights.web.rules.backoffice import BACKOFFICE
from footlights.web.rules.checkout import CHECKOUT
from footlights.web.rules.gateways import GATEWAYS
from footlights.web.rules.giving import GIVING
from footlights.web.rules.health import HEALTH
from footlights.web.rules.live import LIVE
from footlights.web.rules.memberships import MEMBERSHIPS
from footlights.web.rules.needs import Surface
from footlights.web.rules.replay import REPLAY
from footlights.web.rules.rooms import ROOMS
from footlights.web.rules.signing_in import SIGNING_IN
from footlights.web.rules.storefront import STOREFRONT
from footlights.web.rules.studio import STUDIO
from footlights.web.rules.uploads import UPLOADS
from footlights.web.rules.watch import WATCH

SURFACES = (
    ACCOUNT,
    BACKOFFICE,
    CHECKOUT,
    GATEWAYS,
    GIVING,
    HEALTH,
    LIVE,
    MEMBERSHIPS,
    REPLAY,
    ROOMS,
    SIGNING_IN,
    STOREFRONT,
    STUDIO,
    UPLOADS,
    WATCH,
)


def put_together(surfaces: Iterable[Surface]) -> Surface:
    """One table of all of them. Raises ImproperlyConfigured for an address with two rules, or a demand without one."""
    whole = Surface(needs={})
    for surface in surfaces:
        if twice := whole.needs.keys() & surface.needs.keys():
            raise ImproperlyConfigured(f"Two rules for {sorted(twice)} in web/rules.")
        if stray := (surface.proven.keys() | surface.background) - surface.needs.keys():
            raise ImproperlyConfigured(f"No rule for {sorted(stray)} in the file of web/rules that speaks of it.")
        whole = Surface(
            needs=whole.needs | surface.needs,
            proven=whole.proven | surface.proven,
            background=whole.background | surface.background,
        )
    return whole


_WHOLE = put_together(SURFACES)
RULES, PROVEN, BACKGROUND = _WHOLE.needs, _WHOLE.proven, _WHOLE.background
