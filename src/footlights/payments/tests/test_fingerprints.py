"""What a guest paid with is known again in the account they turned out to have."""

import uuid
from datetime import timedelta

import pytest

from footlights.accounts.events import GuestJoined
from footlights.kernel import events
from footlights.kernel.clock import now
from footlights.kernel.testing import run_jobs
from footlights.payments import jobs
from footlights.payments.api import list_fingerprints
from footlights.payments.events import PaidWith
from footlights.payments.models import FingerprintRow
from footlights.payments.operations import note_fingerprint

pytestmark = pytest.mark.django_db


def test_a_guests_ways_of_paying_are_their_persons_once_they_joined_and_are_told_of_once(monkeypatch) -> None:
    guest, person, at = uuid.uuid4(), uuid.uuid4(), now()
    later = at + timedelta(hours=1)
    for payer, digest, paid_at in (
        (guest, b"a", later),
        (guest, b"b", at),
        (person, b"a", at),
        (uuid.uuid4(), b"c", at),
    ):
        FingerprintRow.objects.create(payer_id=payer, digest=digest, paid_at=paid_at)
    told = []
    events.publish(GuestJoined(guest, person, at))
    monkeypatch.setattr(note_fingerprint.events, "publish", told.append)
    assert run_jobs(only="know_the_guest_again") == 1
    note_fingerprint.hand_over_fingerprints(guest_id=guest, person_id=person)
    assert list_fingerprints(guest) == []
    assert sorted(list_fingerprints(person)) == [b"a", b"b"]
    assert FingerprintRow.objects.get(payer_id=person, digest=b"a").paid_at == later
    assert told == [PaidWith(person, b"b".hex(), at)]


def test_what_nobody_paid_with_for_long_is_forgotten_by_the_clocks_job() -> None:
    at = now()
    for digest, paid_at in (
        (b"old", at - note_fingerprint.KEPT - timedelta(minutes=1)),
        (b"new", at - timedelta(days=399)),
    ):
        FingerprintRow.objects.create(payer_id=uuid.uuid4(), digest=digest, paid_at=paid_at)
    jobs.forget_fingerprints.func(timestamp=0)
    kept = FingerprintRow.objects.get()
    assert (bytes(kept.digest), str(kept)) == (b"new", str(kept.payer_id))
