"""Say where the service pays taxes: begin and end a registration."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act, record
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.taxes.errors import AlreadyRegisteredError
from footlights.taxes.models import RegistrationRow
from footlights.taxes.queries import forget_registrations
from footlights.taxes.records import Registration
from footlights.taxes.tables import EU, areas


def register(*, area: str, number: str, since: date, by_id: UUID, is_seat: bool = False) -> Registration:
    """From `since` on, sales to buyers there bear its tax. Raises InvalidInputError, AlreadyRegisteredError.

    `is_seat`: the seller is established there, so that businesses there pay it too, not only people.

    Whether `by_id` may is the caller's to ask. A constraint keeps a place from counting twice.
    """
    if area not in areas():
        raise InvalidInputError(_("We have no table of taxes for that place."), field="area")
    if is_seat and area == EU:
        raise InvalidInputError(_("Your seat is in a country: register that one."), field="is_seat")
    try:
        with transaction.atomic():
            row = RegistrationRow.objects.create(
                area=area, number=" ".join(number.split()), since=since, is_seat=is_seat
            )
            after = {"area": area, "number": row.number, "since": since.isoformat(), "is_seat": is_seat}
            record(
                act=Act.TAX_REGISTERED, object_kind="tax_registration", object_id=row.pk, actor_id=by_id, after=after
            )
    except IntegrityError as error:
        raise AlreadyRegisteredError(_("You are registered there already. End that one first.")) from error
    forget_registrations()
    return row.to_record()


def end_registration(*, registration_id: UUID, until: date, by_id: UUID) -> Registration:
    """From `until` on no tax is charged there; what was charged stays. Raises NotFoundError, InvalidInputError."""
    with transaction.atomic():
        row = RegistrationRow.objects.select_for_update(no_key=True).filter(pk=registration_id, until=None).first()
        if row is None:
            raise NotFoundError("There is no such registration, or it has ended.")
        if until < row.since:
            raise InvalidInputError(_("It cannot end before it begins."), field="until")
        row.until = until
        row.save(update_fields=["until"])
        record(
            act=Act.TAX_REGISTRATION_ENDED,
            object_kind="tax_registration",
            object_id=row.pk,
            actor_id=by_id,
            after={"area": row.area, "until": until.isoformat()},
        )
    forget_registrations()
    return row.to_record()
