"""What accounts tell payments. It may come twice."""

from footlights.accounts.events import GuestJoined
from footlights.kernel.events import subscribe
from footlights.payments.operations.note_fingerprint import hand_over_fingerprints


@subscribe(GuestJoined)
def know_the_guest_again(event: GuestJoined) -> None:
    hand_over_fingerprints(guest_id=event.guest_id, person_id=event.person_id)
