from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.accounts.models import Installation as InstallationRow
from footlights.accounts.queries import forget_installation, get_installation
from footlights.accounts.records import Installation
from footlights.audit.api import Act, changed, record
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
    facts = {"name": name, "currency": currency}
    with transaction.atomic():
        was = InstallationRow.objects.filter(pk=InstallationRow.ONLY_ID).values("name", "currency").first()
        InstallationRow.objects.update_or_create(
            pk=InstallationRow.ONLY_ID, defaults=facts, create_defaults={**facts, "owner_id": by_id}
        )
        before, after = changed(was or {}, facts)
        if after:
            record(act=Act.SETTINGS_CHANGED, object_kind="service", actor_id=by_id, before=before, after=after)
    forget_installation()
    return get_installation()
