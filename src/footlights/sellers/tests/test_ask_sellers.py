"""Whoever earned is asked, reminded twice, and then their money waits until they answer."""

from datetime import date, timedelta

import pytest

from footlights.accounts.testing import make_person, make_taxpayer, taxpayer_of
from footlights.audit.testing import recorded
from footlights.catalog.testing import make_channel
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.ids import new_id
from footlights.sellers import api
from footlights.sellers.jobs import ask
from footlights.sellers.models import AskRow
from footlights.sellers.operations.details import erase_what_is_due
from footlights.sellers.tests.conftest import AT, earn
from footlights.terms.api import NewTerm, Term, set_terms

pytestmark = pytest.mark.django_db


def after(days):
    return AT + timedelta(days=days)


def asks():
    return [each.after["reminder"] for each in recorded("seller.asked")]


def test_who_earned_is_asked_once_and_reminded_twice(account, creator):
    for days in (0, 0, 19, 20, 20, 41, 59, 200):
        api.ask_sellers(at=after(days))
    assert asks() == [0, 1, 2]
    assert api.find_ask(creator.pk).reminders == api.REMINDERS
    assert str(AskRow.objects.get()) == f"ask of {creator.pk}"
    assert [each.after["held_on"] for each in recorded("seller.asked")] == [after(60).date().isoformat()] * 3


def test_who_never_earned_or_said_who_they_are_is_left_alone():
    make_channel(make_person())
    earn(f"creator:{make_channel(make_taxpayer('DE')).id}", 100)
    earn(f"creator:{new_id()}", 100)  # a channel that is no more
    assert api.ask_sellers(at=AT) == 0
    assert api.count_asks() == 0


def test_a_collaborator_is_asked_as_well_and_one_person_once(creator, account):
    earn(f"person:{creator.pk}", 100)
    earn(f"person:{make_person().pk}", 100)
    api.ask_sellers(at=AT)
    assert api.count_asks() == len(api.list_asks()) == 2
    assert asks() == [0, 0]
    api.ask_sellers(at=AT)
    assert asks() == [0, 0]


def reminded(days=40):
    for each in (0, 20, days):
        api.ask_sellers(at=after(each))


def test_nothing_waits_before_sixty_days_and_all_of_it_afterwards(account, creator):
    reminded()
    assert api.find_withheld(account, after(59)) is None
    assert api.find_withheld(account, after(60)).since == after(60)
    assert api.find_withheld(f"creator:{new_id()}", after(60)) is None


def test_a_channel_that_begins_to_earn_later_waits_too(account, creator):
    reminded()
    other = f"creator:{make_channel(creator).id}"
    earn(other, 100)
    api.ask_sellers(at=after(61))
    assert api.find_withheld(other, after(61))


def test_without_both_reminders_nothing_waits_however_late(account):
    api.ask_sellers(at=AT)
    api.ask_sellers(at=after(90))
    assert api.find_withheld(account, after(90)) is None
    api.ask_sellers(at=after(91))
    assert api.find_withheld(account, after(91))


def test_an_answer_ends_it_and_a_wrong_one_does_not(account, creator):
    reminded()
    with pytest.raises(InvalidInputError):
        api.give_details(person_id=creator.pk, given=taxpayer_of("LV"), at=after(61))
    assert api.find_withheld(account, after(61))
    api.give_details(person_id=creator.pk, given=taxpayer_of("DE"), at=after(61))
    assert api.find_withheld(account, after(61)) is None
    assert api.ask_sellers(at=after(62)) == 0


def decide(days):
    set_terms(changes=[NewTerm(term=Term.SELLER_HOLD_DAYS, value=days)], by_id=new_id(), at=AT - timedelta(days=9))


def test_the_platform_may_wait_longer_or_never_hold_and_not_hold_sooner(account):
    decide(90)
    for days in (0, 30, 60):
        api.ask_sellers(at=after(days))
    assert asks() == [0, 1, 2]
    assert api.find_withheld(account, after(89)) is None
    assert api.find_withheld(account, after(90))
    decide(0)
    assert api.find_withheld(account, after(900)) is None
    with pytest.raises(InvalidInputError, match="at least 60"):
        decide(59)


def test_where_nothing_is_ever_held_nobody_is_reminded(account):
    decide(0)
    api.ask_sellers(at=AT)
    api.ask_sellers(at=after(300))
    assert asks() == [0]
    assert recorded("seller.asked")[0].after["held_on"] == ""


def test_who_never_earned_is_forgotten_at_once_and_who_did_when_the_law_lets_them(account, creator):
    api.give_details(person_id=creator.pk, given=taxpayer_of("DE"), at=AT)
    assert api.erase_details(person_id=creator.pk, at=AT) == date(2037, 1, 1)
    erase_what_is_due(at=AT)
    assert api.find_ask(creator.pk) is None
    earn(account, 100, at=AT + timedelta(days=400))
    erase_what_is_due(at=AT.replace(year=2037))
    assert api.erase_details(person_id=creator.pk, at=AT.replace(year=2037)) == date(2038, 1, 1)
    assert api.erase_details(person_id=creator.pk, at=AT.replace(year=2038)) is None
    assert api.erase_details(person_id=make_taxpayer("DE").pk, at=AT) is None


def test_the_job_of_the_day_asks(account):
    ask(timestamp=int(AT.timestamp()))
    assert asks() == [0]
