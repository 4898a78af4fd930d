from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlights.catalog import policies
from footlights.catalog.records import TitleAccess
from footlights.kernel.errors import InvalidInputError

AT = datetime(2026, 5, 1, 20, tzinfo=UTC)
OWNER, STRANGER = uuid4(), uuid4()


def access(state: str, *, publish_at: datetime | None = None, playable: bool = True) -> TitleAccess:
    return TitleAccess(uuid4(), uuid4(), OWNER, uuid4(), state, publish_at, playable, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", ["draft", "scheduled", "unlisted", "published"])
def test_whoever_manages_a_title_sees_it_in_every_state_even_before_it_plays(state: str) -> None:
    assert policies.is_visible(access(state, publish_at=AT + timedelta(days=1), playable=False), OWNER, AT)


@pytest.mark.parametrize(
    ("state", "publish_at", "seen"),
    [
        ("draft", None, False),
        ("draft", AT - timedelta(days=1), False),
        ("scheduled", AT + timedelta(seconds=1), False),
        ("scheduled", AT, True),
        ("unlisted", None, True),
        ("published", AT, True),
        ("deleted", AT, False),
    ],
)
@pytest.mark.parametrize("viewer", [STRANGER, None])
def test_others_see_what_is_out(state: str, publish_at: datetime | None, *, seen: bool, viewer: object) -> None:
    assert policies.is_visible(access(state, publish_at=publish_at), viewer, AT) is seen  # type: ignore[arg-type]


@pytest.mark.parametrize("state", ["published", "unlisted"])
def test_others_see_nothing_that_cannot_play_yet(state: str) -> None:
    assert not policies.is_visible(access(state, publish_at=AT, playable=False), STRANGER, AT)


def test_nobody_sees_what_is_deleted() -> None:
    assert not policies.is_visible(access("deleted"), OWNER, AT)


@pytest.mark.parametrize("move", policies.MOVES)
def test_no_move_leads_out_of_deleted(move: policies.Move) -> None:
    with pytest.raises(policies.WrongStateError):
        policies.moved("deleted", move)


def test_what_is_out_cannot_be_scheduled_away() -> None:
    with pytest.raises(policies.WrongStateError, match="draft first"):
        policies.moved("published", "schedule")


def test_every_move_ends_where_it_says() -> None:
    for move, (starts, target) in policies.MOVES.items():
        assert {policies.moved(state, move) for state in starts} == {target}


@pytest.mark.parametrize("handle", ["ab", "-ab", "ab-", "a--b", "a_b", "ä-film", "a" * 31, "", "a/b", "a.b", "../etc"])
def test_a_handle_is_plain(handle: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        policies.clean_handle(handle)
    assert caught.value.field == "handle"


@pytest.mark.parametrize("handle", ["admin", "STUDIO", "@account", "media"])
def test_the_services_own_words_are_nobodys_handle(handle: str) -> None:
    with pytest.raises(InvalidInputError, match="kept for the service"):
        policies.clean_handle(handle)


def test_a_handle_may_be_typed_with_its_at_sign_and_in_capitals() -> None:
    assert policies.clean_handle(" @Lantern-Films ") == "lantern-films"


@given(st.text(max_size=100))
def test_every_name_suggests_a_handle_that_is_allowed(name: str) -> None:
    assert policies.clean_handle(policies.handle_from(name))


@given(st.text(max_size=200))
def test_every_name_gives_an_address_that_is_allowed(name: str) -> None:
    assert policies.clean_slug(policies.slug_from(name))


@pytest.mark.parametrize("slug", ["", "a b", "../x", "A_b", "-a", "a-", "a" * 81, "ü"])
def test_an_address_part_is_plain(slug: str) -> None:
    with pytest.raises(InvalidInputError):
        policies.clean_slug(slug)


def test_accents_do_not_get_lost_in_an_address() -> None:
    assert policies.slug_from("Étude à minuit") == "etude-a-minuit"


@pytest.mark.parametrize("name", ["", "   ", "\n\t", "\x00"])
def test_a_name_is_not_empty(name: str) -> None:
    with pytest.raises(InvalidInputError, match="Give it a name"):
        policies.clean_name(name)


def test_a_name_is_one_line_of_printable_words() -> None:
    assert policies.clean_name(" A\nquiet\x00  evening\u2028again ") == "A quiet evening again"


def test_names_texts_and_credits_are_bounded() -> None:
    for clean in (
        lambda: policies.clean_name("x" * 151),
        lambda: policies.clean_text("x" * 5001, limit=5000, field="description"),
        lambda: policies.clean_credit("x" * 301),
    ):
        with pytest.raises(InvalidInputError, match="Keep it under"):
            clean()


def test_a_text_keeps_its_paragraphs() -> None:
    assert policies.clean_text("One\r\n\r\nTwo\x07\x00 \r", limit=50, field="description") == "One\n\nTwo"


def test_tags_are_lower_case_each_once_in_order() -> None:
    assert policies.clean_tags(["#Noir", " slow  cinema ", "noir", "", "#"]) == ["noir", "slow cinema"]


@pytest.mark.parametrize("tags", [[str(n) for n in range(16)], ["x" * 31]])
def test_tags_are_bounded(tags: list[str]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        policies.clean_tags(tags)
    assert caught.value.field == "tags"


def test_lists_are_closed() -> None:
    for clean, wrong in (
        (policies.clean_category, "nonsense"),
        (policies.clean_language, "xx-XX"),
        (policies.clean_language, "../de"),
        (policies.clean_maturity, ""),
    ):
        with pytest.raises(InvalidInputError, match="from the list"):
            clean(wrong)
    assert policies.clean_category("") == ""
    assert policies.clean_language("") == ""
    assert [policies.clean_language(tag) for tag in ("en", "pt-BR", "zh-Hant", "gsw")]


@pytest.mark.parametrize("moment", [AT, AT - timedelta(days=1), AT + timedelta(days=800)])
def test_a_schedule_lies_ahead_but_not_absurdly_far(moment: datetime) -> None:
    with pytest.raises(InvalidInputError) as caught:
        policies.check_publish_at(moment, AT)
    assert caught.value.field == "publish_at"


def test_undo_ends_after_thirty_days() -> None:
    assert policies.may_restore(AT, AT + timedelta(days=29, hours=23))
    assert not policies.may_restore(AT, AT + timedelta(days=30))
