from uuid import UUID

from django.utils.translation import gettext as _

from footlights.accounts.models import Installation as InstallationRow
from footlights.accounts.queries import forget_installation, get_installation
from footlights.accounts.records import Installation
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import exponent_of


def change_installation(*, service_name: str, currency: str, by_id: UUID) -> Installation:
    """Rename the service and choose the currency it proposes. One statement; repeatable.

    Other processes see it within a minute. Whether `by_id` is an administrator is the caller's to ask. Raises
    InvalidInputError.
    """
    exponent_of(currency)
    name = " ".join(service_name.split())
    if not name:
        raise InvalidInputError(_("A service needs a name."), field="service_name")
    InstallationRow.objects.update_or_create(
        pk=InstallationRow.ONLY_ID,
        defaults={"name": name, "currency": currency},
        create_defaults={"name": name, "currency": currency, "owner_id": by_id},
    )
    forget_installation()
    return get_installation()
