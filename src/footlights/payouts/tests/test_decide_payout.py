"""A second person decides about large payouts, and never about their own."""

import pytest
from django.db import IntegrityError, transaction

from footlights.accounts.api import Role
from footlights.catalog.testing import join_team
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.money import Money
from footlights.ledger.api import balance_of
from footlights.payouts import api
from footlights.payouts.models import PayoutRow
from footlights.payouts.tests.conftest import AT
from footlights.payouts.tests.test_request_payout import ask, decide

pytestmark = pytest.mark.django_db


@pytest.fixture
def large(account, creator):
    decide(payout_approval_minor=9_000)
    payout = ask(account, creator)
    assert payout.state == "waiting"
    return payout


def test_a_large_payout_goes_once_somebody_else_says_yes(large, staff):
    assert api.count_waiting() == 1
    for _ in range(2):
        assert api.approve_payout(payout_id=large.id, by_id=staff.pk, at=AT).state == "asked"
    assert (api.get_payout(large.id).decided_by, api.count_waiting()) == (staff.pk, 0)


def test_a_refused_one_is_available_again_with_its_reason(large, staff, account):
    refused = api.refuse_payout(payout_id=large.id, by_id=staff.pk, reason="Whose bank is this?", at=AT)
    assert (refused.state, refused.reason) == ("refused", "Whose bank is this?")
    assert balance_of(account, "EUR") == Money(-9_000, "EUR")
    assert balance_of("payout:due", "EUR") == Money(0, "EUR")
    assert api.approve_payout(payout_id=large.id, by_id=staff.pk, at=AT).state == "refused"


def test_a_no_needs_its_reason(large, staff):
    with pytest.raises(InvalidInputError):
        api.refuse_payout(payout_id=large.id, by_id=staff.pk, reason="  ", at=AT)
    assert api.get_payout(large.id).state == "waiting"


def test_only_who_may_approve_finds_it(large, creator, stranger):
    for person in (creator, stranger):
        with pytest.raises(NotFoundError):
            api.approve_payout(payout_id=large.id, by_id=person.pk, at=AT)


def test_nobody_approves_what_is_their_own(large, creator, staff, channel):
    creator.roles = [Role.ADMINISTRATOR]
    creator.save(update_fields=["roles"])
    join_team(channel, staff, Role.FINANCE)
    for person in (creator, staff):
        with pytest.raises(api.OwnPayoutError):
            api.approve_payout(payout_id=large.id, by_id=person.pk, at=AT)
    assert api.get_payout(large.id).state == "waiting"


def test_the_database_itself_wants_two_people(large, creator):
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        PayoutRow.objects.filter(pk=large.id).update(decided_by=creator.pk)
