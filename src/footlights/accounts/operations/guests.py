"""People who buy with no account: admitted for an address they typed, themselves once they prove it is theirs."""

from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from footlights.accounts.errors import UnprovenAccountError
from footlights.accounts.events import GuestJoined
from footlights.accounts.guests import stand_in
from footlights.accounts.models import Guest, User
from footlights.accounts.operations.end_sign_ins import end_sign_ins
from footlights.accounts.queries import person_of
from footlights.accounts.records import Person
from footlights.audit.api import Act, record
from footlights.kernel import events
from footlights.kernel.errors import NotFoundError
from footlights.kernel.ids import new_id


def admit_guest(*, address: str, at: datetime) -> Person:
    """Somebody new who says this is their address; whether it is somebody's already is neither asked nor told."""
    guest_id = new_id()
    with transaction.atomic():
        user = User.objects.create_user(stand_in(guest_id), None, id=guest_id, joined_at=at)
        Guest.objects.create(person=user, address=address.strip().lower(), admitted_at=at)
        record(act=Act.GUEST_ADMITTED, object_kind="person", object_id=guest_id, person_ids=[guest_id])
    return person_of(user)


def prove_guest(*, guest_id: UUID, session: str | None, at: datetime) -> Person:
    """They opened what was mailed to the address: it is theirs, and so is what they bought. Locks the guest.

    Where nobody has the address, the guest is its account from now on. Where somebody proved it before, what the guest
    has becomes theirs, and the guest is no more: signing in is still theirs to do. Every browser but that of `session`
    is signed out, for whoever typed the address may not have been its owner. Safe to repeat. Raises NotFoundError, and
    UnprovenAccountError while an account claims the address without having proved it: whoever made it may be another.
    Publishes GuestJoined.
    """
    with transaction.atomic():
        guest = Guest.objects.select_for_update(no_key=True).select_related("person").filter(pk=guest_id).first()
        if guest is None:
            raise NotFoundError("There is no such guest.")
        if guest.joined:
            return person_of(guest.joined)
        owner = _owner_of(guest.address) or _take_address(guest)
        guest.joined = owner
        guest.save(update_fields=["joined"])
        end_sign_ins(person_id=guest_id, kept=session)
        if owner.pk != guest_id:
            _hand_over(guest, owner, at)
        else:
            record(act=Act.MAIL_CONFIRMED, object_kind="person", object_id=owner.pk, person_ids=[owner.pk])
    return person_of(owner)


def _owner_of(address: str) -> User | None:
    """Whoever proved the address. Raises UnprovenAccountError."""
    proven = EmailAddress.objects.filter(email__iexact=address, verified=True).select_related("user").first()
    if proven:
        owner: User = proven.user
        return owner
    if User.objects.filter(email=address).exists():
        words = _("There is an account with this address that has not confirmed it. Confirm it first, then come back.")
        raise UnprovenAccountError(words)
    return None


def _take_address(guest: Guest) -> User:
    user, address = guest.person, guest.address
    try:
        with transaction.atomic():
            EmailAddress.objects.filter(email__iexact=address, verified=False).delete()  # claimed, never proved
            EmailAddress.objects.create(user=user, email=address, primary=True, verified=True)
            user.email = address
            user.save(update_fields=["email"])
    except IntegrityError as error:  # somebody signed up with it this moment
        raise UnprovenAccountError(_("Somebody took this address this moment. Try again.")) from error
    return user


def _hand_over(guest: Guest, owner: User, at: datetime) -> None:
    User.objects.filter(pk=guest.pk).update(is_active=False)
    end_sign_ins(person_id=guest.pk, kept=None)
    people = [guest.pk, owner.pk]
    record(act=Act.GUEST_JOINED, object_kind="person", object_id=owner.pk, actor_id=owner.pk, person_ids=people)
    events.publish(GuestJoined(guest.pk, owner.pk, at))
