"""How the secret of the rooms' broker is sealed anew."""

from footlights.engagement.adapters import trust
from footlights.kernel.reseal import reseals

reseals("the secret of the rooms")(trust.reseal)
