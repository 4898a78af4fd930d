"""Each detector by itself: what it says, from which moment, and what it lets pass."""

from collections.abc import Iterable

import pytest

from footlights.alerts import policies, windows
from footlights.alerts.detectors import EVERYWHERE, Detectors, of_engine
from footlights.alerts.kinds import Kind
from footlights.alerts.policies import DAY, HOUR, MINUTE
from footlights.alerts.records import Happening, Trip, What

NOW = 1_800_000_000.0
NOW_H = int(NOW // HOUR)
BLOCK = "203.0.113.0/24"


def detectors(**hourly: int) -> Detectors:
    """After nine weeks in which each hour had so many of each series."""
    hours = {what: dict.fromkeys(range(NOW_H - 9 * 168, NOW_H), count) for what, count in hourly.items()}
    return Detectors(began=NOW_H - 9 * 168, hours=hours)


def refused(number: int, every_s: float, *, account="a", block="", **more) -> Iterable[Happening]:
    for each in range(number):
        yield Happening(
            at=NOW + each * every_s,
            what=What.REFUSED,
            account=account.format(each),
            block=block.format(each % 250),
            **more,
        )


def told(of: Detectors, happenings: Iterable[Happening]) -> list[Trip]:
    return [trip for happening in happenings for trip in of.feed(happening)]


def first(of: Detectors, happenings: Iterable[Happening]) -> tuple[Kind, str, float] | None:
    """Kind, subject and seconds until it was said."""
    for happening in happenings:
        for trip in of.feed(happening):
            return trip.kind, trip.subject, happening.at - NOW
    return None


@pytest.mark.parametrize("every_s", [0.1, 5, 30, 120, 600, 1800])
def test_guessing_at_one_account_is_told_however_slow(every_s):
    kind, subject, after_s = first(detectors(refused=400), refused(200, every_s))
    assert (kind, subject) == (Kind.ACCOUNT_TRIED, "a")
    assert after_s <= max(policies.ACCOUNT_TRIES[0].count * every_s, DAY)


def test_a_person_who_forgot_is_not_told_of():
    assert told(detectors(refused=400), refused(10, 8)) == []


def test_one_that_goes_on_is_said_every_few_seconds_not_at_each_try():
    trips = told(detectors(refused=400), refused(600, 0.1))
    assert len({(trip.kind, trip.subject) for trip in trips}) == 1
    assert len(trips) == pytest.approx(60 / policies.TOLD_AGAIN_S, abs=2)


def test_tries_that_were_turned_away_count():
    of = detectors(refused=400)
    assert first(of, [Happening(at=NOW, what=What.LIMITED, account="a", count=40)]) == (Kind.ACCOUNT_TRIED, "a", 0)
    [trip] = of.feed(Happening(at=NOW, what=What.REFUSED, block=BLOCK, count=500))
    assert (trip.kind, trip.subject) == (Kind.BLOCK_TRIES, BLOCK)


def test_an_attack_from_many_networks_or_on_many_accounts_is_one_alert():
    of, at = detectors(refused=4000, signed_in=40_000), NOW
    told_of = set()
    for block in range(60):
        for each in range(15):
            at += 1
            account = f"b{block}a{each}"
            happening = Happening(at=at, what=What.REFUSED, account=account, block=f"10.0.{block}.0/24")
            told_of |= {trip.subject for trip in of.feed(happening)}
    assert EVERYWHERE in told_of
    assert len(told_of) == policies.ALIKE_MAX + 1


def test_many_accounts_from_one_block_are_a_list_being_tried():
    assert first(detectors(refused=400), refused(40, 1, account="a{}", block=BLOCK)) == (Kind.STUFFING, BLOCK, 9)


def test_a_block_that_thousands_share_may_fail_as_long_as_it_also_succeeds():
    of = detectors(refused=4000, signed_in=40_000)
    for each in range(2000):
        of.feed(Happening(at=NOW - 60 + each * 0.03, what=What.SIGNED_IN, account=f"b{each}", block=BLOCK))
    assert told(of, refused(30, 2, account="a{}", block=BLOCK)) == []


def test_a_list_tried_from_everywhere_is_told_within_seconds():
    found = first(detectors(refused=400), refused(500, 0.05, account="a{}", block="10.{}.0.0/24", is_unknown=True))
    assert found is not None
    kind, subject, after_s = found
    assert (kind, subject) == (Kind.STUFFING, EVERYWHERE)
    assert after_s < 5


def test_a_slow_list_is_told_before_the_day_is_over():
    of = detectors(refused=200, unknown=40, signed_in=3000)
    ordinary = [Happening(at=NOW + each * 18, what=What.REFUSED, account=f"o{each}") for each in range(4800)]
    slow = [
        Happening(
            at=NOW + each * 30, what=What.REFUSED, account=f"s{each}", block=f"10.0.{each % 250}.0/24", is_unknown=True
        )
        for each in range(2880)
    ]
    assert first(of, sorted(ordinary + slow, key=lambda happening: happening.at))[:2] == (Kind.STUFFING, EVERYWHERE)


def test_a_premiere_that_everybody_signs_in_for_is_no_attack():
    of = detectors(refused=400, signed_in=4000)
    crowd = []
    for each in range(8000):  # four times as many as usual come, and as large a share of them fails
        at = NOW + each * 0.225
        crowd.append(Happening(at=at, what=What.SIGNED_IN, account=f"a{each}", block=f"10.0.{each % 250}.0/24"))
        if each % 10 == 0:
            crowd.append(Happening(at=at, what=What.REFUSED, account=f"f{each}", block=f"10.0.{each % 250}.0/24"))
    assert told(of, crowd) == []


def sign_in(**more) -> Happening:
    return Happening(at=NOW, what=What.SIGNED_IN, account="a", record="r", **more)


def test_a_new_country_is_told_of_those_who_may_do_more_than_watch():
    of = detectors(new_country=10)
    [trip] = of.feed(sign_in(country="NZ", is_trusted=True))
    assert (trip.kind, trip.subject, trip.facts["country"], trip.records) == (Kind.NEW_COUNTRY, "a", "NZ", ("r",))
    assert of.feed(sign_in(country="NZ")) == []  # people travel
    assert of.feed(sign_in(is_trusted=True)) == []


def test_a_new_country_after_failed_tries_is_told_whoever_it_is():
    of = detectors(new_country=10, refused=400)
    told(of, refused(17, 40))
    [trip] = of.feed(Happening(at=NOW + 700, what=What.SIGNED_IN, account="a", country="NZ"))
    assert trip.kind is Kind.NEW_COUNTRY
    assert "17" in trip.words


def test_many_accounts_from_new_countries_are_told():
    of = detectors(new_country=4, signed_in=4000)
    came = [Happening(at=NOW + each, what=What.SIGNED_IN, account=f"a{each}", country="NZ") for each in range(40)]
    assert first(of, came)[:2] == (Kind.NEW_COUNTRY, EVERYWHERE)


@pytest.mark.parametrize(
    ("what", "kind", "passes", "trips"),
    [
        (What.LICENCE, Kind.LICENCES, 60, 100),
        (What.UPLOADED, Kind.UPLOADS, 50, 130),
        (What.DELETED, Kind.DELETIONS, 15, 35),
        (What.REFUND_ASKED, Kind.REFUNDS, 5, 20),
    ],
)
def test_one_person_may_do_what_a_person_does_and_no_more(what, kind, passes, trips):
    def of(number):
        return [Happening(at=NOW + each * 2, what=what, actor="p") for each in range(number)]

    assert told(detectors(), of(passes)) == []
    assert first(detectors(), of(trips))[:2] == (kind, "p")


def test_a_few_dead_links_are_nobodys_attack():
    missed = [Happening(at=NOW + each * 5, what=What.NOT_THEIRS, account="a") for each in range(45)]
    assert told(detectors(), missed[:11]) == []
    assert first(detectors(), missed)[:2] == (Kind.PROBING, "a")


def test_refunds_and_deletions_are_told_when_nobody_does_them_alone():
    gone = [Happening(at=NOW + each, what=What.REFUNDED) for each in range(30)]
    assert first(detectors(refunded=1), gone)[:2] == (Kind.REFUNDS, EVERYWHERE)
    deleted = [Happening(at=NOW + each, what=What.DELETED, actor=f"p{each}") for each in range(80)]
    assert first(detectors(deleted=1), deleted)[:2] == (Kind.DELETIONS, EVERYWHERE)


def test_a_few_disputes_in_a_day_are_many():
    disputed = [Happening(at=NOW + each * HOUR, what=What.DISPUTED) for each in range(9)]
    assert told(detectors(), disputed[:7]) == []
    assert first(detectors(), disputed)[:2] == (Kind.DISPUTES, EVERYWHERE)
    at_once = [Happening(at=NOW + each, what=What.DISPUTED) for each in range(4)]
    assert first(detectors(), at_once) == (Kind.DISPUTES, EVERYWHERE, 3)


def test_a_gateway_that_differs_is_told_with_the_record():
    [trip] = told(detectors(), [Happening(at=NOW, what=What.GATEWAY_DIFFERS, record="r1")])
    assert (trip.kind, trip.records) == (Kind.GATEWAY_DIFFERS, ("r1",))


def test_a_permission_a_gateway_does_not_give_is_told_with_the_record():
    [trip] = told(detectors(), [Happening(at=NOW, what=What.GATEWAY_FORBIDS, record="r1")])
    assert (trip.kind, trip.records) == (Kind.GATEWAY_FORBIDS, ("r1",))


def test_an_account_that_gives_too_fast_is_told_once_with_the_record():
    suspected = [Happening(at=NOW + after, what=What.SUSPECTED, account="a", record=f"r{after}") for after in range(3)]
    [trip] = told(detectors(), suspected)
    assert (trip.kind, trip.subject, trip.records) == (Kind.STOLEN_CARDS, "a", ("r0",))


def test_the_first_payout_to_a_changed_destination_is_told_once_and_for_a_while():
    of = detectors()
    changed = Happening(at=NOW, what=What.DESTINATION_CHANGED, account="a", block=BLOCK, record="r1")
    asked = Happening(at=NOW + 4 * DAY, what=What.PAYOUT_ASKED, account="a", record="r2")
    assert told(of, [Happening(at=NOW, what=What.PAYOUT_ASKED, account="a"), changed]) == []
    assert told(of, [Happening(at=NOW + DAY, what=What.PAYOUT_ASKED, account="b")]) == []
    [trip] = told(of, [asked, asked])
    assert (trip.kind, trip.subject, trip.records) == (Kind.PAYOUT_REDIRECTED, "a", ("r1", "r2"))
    assert trip.facts == {"account": "a", "from": BLOCK}
    late = Happening(at=NOW + 15 * DAY, what=What.PAYOUT_ASKED, account="a")
    assert told(of, [changed, late]) == []


def test_some_things_are_told_the_first_time():
    of = detectors()
    made = Happening(at=NOW, what=What.ADMINISTRATOR_MADE, account="a", actor="b", record="r")
    assert first(of, [made]) == (Kind.ADMINISTRATOR_MADE, "a", 0)
    assert first(of, [Happening(at=NOW, what=What.TRAIL_BROKEN)]) == (Kind.TRAIL_BROKEN, "trail", 0)
    assert of_engine("web", "connection refused", 7.2).words == "web has not answered for 7 s: connection refused"


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr(windows, "SUBJECTS_MAX", 5_000)
    of = detectors(refused=400)
    told(of, refused(12_000, 0.001, account="a{}", block="10.{}.0.0/24"))
    assert all(len(stamps._of) <= 5_000 for stamps in (of._tries, of._block_tries))
    assert len(of.series[What.REFUSED]._sums[DAY]._parts) < MINUTE * 20
