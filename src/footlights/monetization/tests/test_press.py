"""Codes for the press: who may watch with one, exactly how often, until when; and that nothing is sold by it."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from footlights.accounts.testing import make_person
from footlights.audit.testing import recorded
from footlights.catalog.api import delete_title
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.codes import normal_code
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.ledger.api import list_balances
from footlights.monetization import api
from footlights.monetization.api import AlreadyYoursError, PressCodeOverError, PressCodeTakenError, Reason
from footlights.monetization.models import PressCodeRow, PressPassRow, ScreeningRow
from footlights.monetization.resealing import reseal_press_codes
from footlights.monetization.testing import grant, make_offer, make_press_codes

DAY = timedelta(days=1)
AT = now()


def redeem(code, viewer, at=AT):
    return api.redeem_press_code(code=code.code, viewer_id=viewer.id, at=at)


def begin(viewer, title, at=AT):
    return api.begin_screening(viewer_id=viewer.id, title_id=title.id, at=at)


def decide(viewer, title, at=AT):
    return api.may_watch(viewer.id, title.id, at)


@pytest.fixture
def code(channel, title):
    make_offer(title)
    return make_press_codes(channel, title, outlets=("The Evening Post",), ends_at=AT + 10 * DAY)[0]


@pytest.mark.django_db
def test_a_code_lets_one_person_watch_as_often_as_it_says(viewer, stranger, channel, title, code) -> None:
    assert redeem(code, viewer).redeemed_by == viewer.id
    again = api.redeem_press_code(code=code.code.lower().replace("-", " "), viewer_id=viewer.id, at=AT + DAY)
    assert again.redeemed_at == AT
    with pytest.raises(PressCodeTakenError):
        redeem(code, stranger)
    assert decide(stranger, title).reason is Reason.MUST_BUY
    waiting = decide(viewer, title)
    assert (waiting.reason, waiting.ends_at, waiting.start_by) == (Reason.PRESS, None, AT + 10 * DAY)
    assert "2 of 2 left" in waiting.explanation
    first = begin(viewer, title)
    assert (first.reason, first.ends_at) == (Reason.PRESS, AT + DAY)
    assert begin(viewer, title, AT + DAY / 2) == decide(viewer, title, AT + DAY / 2)  # it runs: nothing is used
    assert "1 of 2, ends" in first.explanation
    assert "1 of 2 left" in decide(viewer, title, AT + DAY).explanation  # the end itself is out
    assert begin(viewer, title, AT + DAY).ends_at == AT + 2 * DAY
    assert begin(viewer, title, AT + 2 * DAY).reason is Reason.PRESS_OVER
    assert (
        decide(viewer, title, AT + 2 * DAY).explanation == "This press code is used up: all 2 screenings were watched."
    )
    assert ScreeningRow.objects.count() == 2
    assert [each.actor_id for each in recorded("screening.begun")] == [viewer.id] * 2
    assert api.list_sales(channel.id) == []
    assert list_balances("") == []
    [held] = api.list_held_press_codes(viewer.id, AT)
    assert (held.outlet, len(held.screenings), held.ticket_for(title.id).left) == ("The Evening Post", 2, 0)
    assert [str(PressPassRow.objects.get()), str(PressCodeRow.objects.get())] == [str(code.press.id), str(code.id)]
    assert [str(row) for row in ScreeningRow.objects.all()] == [f"{code.id} {title.id} {number}" for number in (1, 2)]


@pytest.mark.django_db
def test_a_screening_that_began_in_time_goes_on_to_its_end_unless_it_is_withdrawn(
    viewer, creator, channel, title, code
) -> None:
    redeem(code, viewer)
    late = AT + 10 * DAY - timedelta(hours=1)
    begin(viewer, title, late)
    assert decide(viewer, title, AT + 10 * DAY).allowed
    assert decide(viewer, title, late + DAY).reason is Reason.PRESS_OVER
    assert "was to be begun by" in decide(viewer, title, late + DAY).explanation
    for code_id in (code.id, code.id, None):
        api.withdraw_press_codes(press_id=code.press.id, editor_id=creator.id, at=late, code_id=code_id)
    shut = decide(viewer, title, late)
    assert (shut.reason, "withdrawn" in shut.explanation) == (Reason.PRESS_OVER, True)
    assert begin(viewer, title, late) == shut
    assert len(recorded("press.withdrawn")) == 1
    assert api.list_held_press_codes(viewer.id, AT) == []
    [counted] = api.list_press_passes(channel.id)
    assert (counted.codes, counted.redeemed, counted.withdrawn, counted.is_over(AT)) == (1, 1, 1, True)


@pytest.mark.django_db
def test_one_for_a_title_opens_it_before_it_is_out_and_one_for_all_opens_what_is_out(viewer, channel) -> None:
    draft, out, other = (make_title(channel, state=state) for state in ("draft", "published", "published"))
    [of_draft] = make_press_codes(channel, draft)
    redeem(of_draft, viewer)
    assert decide(viewer, draft).reason is Reason.PRESS
    assert decide(viewer, out).reason is Reason.NOT_FOR_SALE
    reader = make_person()
    [of_all] = make_press_codes(channel, None, watches_max=1)
    redeem(of_all, reader)
    assert decide(reader, draft).reason is Reason.NOT_PUBLISHED
    assert begin(reader, out).allowed
    assert decide(reader, other).explanation.startswith("Press screening: 1 of 1 left")  # counted title by title
    assert decide(reader, out, AT + DAY).explanation == "This press code is used up: its one screening was watched."
    assert begin(reader, draft).reason is Reason.NOT_PUBLISHED
    assert not begin(reader, make_title(make_channel(make_person()))).allowed


@pytest.mark.django_db
def test_it_is_the_last_to_be_used(viewer, channel, title, code) -> None:
    redeem(code, viewer)
    free = make_title(channel)
    make_offer(free, "free")
    [of_free] = make_press_codes(channel, free)
    PressCodeRow.objects.filter(pk=of_free.id).update(redeemed_by=viewer.id, redeemed_at=AT)
    assert decide(viewer, free).reason is Reason.FREE
    grant(viewer, title)
    assert decide(viewer, title).reason is Reason.BOUGHT


@pytest.mark.django_db
def test_of_two_codes_the_running_one_is_watched_then_the_one_that_ends_first(viewer, channel, title, code) -> None:
    [soon] = make_press_codes(channel, title, ends_at=AT + 3 * DAY, watches_max=1)
    for each in (code, soon):
        redeem(each, viewer)
    assert "1 of 1, ends" in begin(viewer, title).explanation
    assert "1 of 2, ends" in begin(viewer, title, AT + DAY).explanation
    assert decide(viewer, title, AT + DAY + DAY / 2).ends_at == AT + 2 * DAY


@pytest.mark.django_db
def test_who_needs_none_leaves_the_code_for_another(viewer, creator, channel, title, code) -> None:
    with pytest.raises(AlreadyYoursError, match="your own channel"):
        redeem(code, creator)
    [second] = make_press_codes(channel, title)
    owner = make_person()
    grant(owner, title)
    with pytest.raises(AlreadyYoursError, match="already"):
        redeem(second, owner)
    pair = make_press_codes(channel, title, outlets=("A", "B"))
    redeem(pair[0], viewer)
    with pytest.raises(AlreadyYoursError, match="one of these"):
        redeem(pair[1], viewer)
    assert redeem(pair[1], make_person()).redeemed_by


@pytest.mark.django_db
def test_a_code_that_is_over_or_for_nothing_any_more_is_refused(viewer, creator, channel, title, code) -> None:
    with pytest.raises(NotFoundError):
        api.redeem_press_code(code="no such code", viewer_id=viewer.id, at=AT)
    with pytest.raises(NotFoundError):
        api.get_press_code("no such code")
    with pytest.raises(PressCodeOverError, match="over"):
        redeem(code, viewer, code.press.ends_at)
    [withdrawn] = make_press_codes(channel, title)
    api.withdraw_press_codes(press_id=withdrawn.press.id, editor_id=creator.id, at=AT)
    with pytest.raises(PressCodeOverError, match="withdrawn"):
        redeem(withdrawn, viewer)
    delete_title(title_id=title.id, editor_id=creator.id, at=AT)
    with pytest.raises(PressCodeOverError, match="gone"):
        redeem(code, viewer)
    assert api.get_press_code(code.code).redeemed_at is None


@pytest.mark.django_db
def test_codes_are_made_for_each_name_and_without(creator, stranger, channel, title) -> None:
    made = make_press_codes(channel, title, outlets=(" The  Post ", "", "Radio One"), spare=1)
    assert [each.outlet for each in made] == ["The Post", "Radio One", ""]
    assert len({each.code for each in made}) == 3
    press = api.get_press_pass(press_id=made[0].press.id, channel_id=channel.id)
    assert (press.codes, press.redeemed, press.is_over(AT)) == (3, 0, False)
    assert [each.outlet for each in api.list_press_codes(press.id, limit=1, offset=1)] == ["Radio One"]
    elsewhere = make_channel(stranger)
    with pytest.raises(NotFoundError):
        api.get_press_pass(press_id=press.id, channel_id=elsewhere.id)
    for wrong in (
        {"press_id": press.id, "editor_id": stranger.id},
        {"press_id": uuid.uuid4(), "editor_id": creator.id},
    ):
        with pytest.raises(NotFoundError):
            api.withdraw_press_codes(at=AT, **wrong)
    with pytest.raises(NotFoundError):
        make_press_codes(channel, title, editor_id=stranger.id)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("outlets", {"outlets": ("x" * 81,)}),
        ("spare", {"spare": 201}),
        ("spare", {"spare": -1}),
        ("spare", {"outlets": ("x",), "spare": 200}),
        ("watches_max", {"watches_max": 0}),
        ("watches_max", {"watches_max": 21}),
        ("ends_at", {"ends_at": AT - DAY}),
        ("ends_at", {"ends_at": AT + 400 * DAY}),
    ],
)
def test_what_no_code_may_be_is_refused_at_its_field(channel, title, field, wrong) -> None:
    with pytest.raises(InvalidInputError) as caught:
        make_press_codes(channel, title, **wrong)
    assert caught.value.field == field
    with pytest.raises(InvalidInputError):
        make_press_codes(channel, make_title(make_channel(make_person())))


@pytest.mark.django_db
def test_the_database_counts_too(viewer, title, code) -> None:
    redeem(code, viewer)
    row = {"code_id": code.id, "title_id": title.id, "watches_max": 2, "began_at": AT, "ends_at": AT + DAY}
    ScreeningRow.objects.create(number=1, **row)
    for number in (1, 3):
        with pytest.raises(IntegrityError), transaction.atomic():
            ScreeningRow.objects.create(number=number, **row)


@pytest.mark.django_db(transaction=True)
def test_however_many_keys_are_asked_for_at_once_one_screening_begins(viewer, channel, title) -> None:
    [code] = make_press_codes(channel, title)
    redeem(code, viewer)

    def attempt(at):
        try:
            return begin(viewer, title, at).ends_at
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(attempt, [AT] * 6)) == {AT + DAY}
        assert set(pool.map(attempt, [AT + DAY] * 6)) == {AT + 2 * DAY}
        assert set(pool.map(attempt, [AT + 2 * DAY] * 6)) == {None}
    assert sorted(ScreeningRow.objects.values_list("number", flat=True)) == [1, 2]


@pytest.mark.django_db
def test_how_much_was_watched_is_kept_when_its_viewer_forgets_it(viewer, title, code) -> None:
    redeem(code, viewer)
    begin(viewer, title)
    for percent in (63, 20):
        api.keep_watched(viewer_id=viewer.id, percents={title.id: percent})
    [screening] = api.get_press_code(code.code).screenings
    assert screening.watched_percent == 63


@pytest.mark.django_db
def test_codes_lie_sealed_and_are_sealed_anew(channel, title, code, monkeypatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select code from monetization_press_code")
        assert code.code.encode() not in bytes(cursor.fetchone()[0])
    assert reseal_press_codes() == 0  # all of it is sealed with the newest key
    assert normal_code(code.code.lower()) == api.get_press_code(code.code).code == code.code
