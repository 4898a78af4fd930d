import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from footlights.catalog import api, policies, words
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now


def names(text, **kwargs):
    return [card.name for card in api.search_titles(text=text, at=now(), **kwargs)]


@pytest.fixture
def shelf(channel, stranger):
    other = make_channel(stranger, handle="north", name="Nordlicht Kino")
    make_title(channel, name="Lighthouse at the end", description="A keeper counts ships.")
    make_title(channel, name="Étude à minuit", tags=["piano"])
    make_title(channel, name="The ferry", description="She leaves the lighthouse behind.", credit="Ada Lovelace")
    make_title(other, name="Котёнок и море")
    make_title(other, name="百年の海")


def test_a_word_in_the_name_comes_before_one_in_the_description(shelf):
    assert names("lighthouse") == ["Lighthouse at the end", "The ferry"]


@pytest.mark.parametrize("typed", ["ligthouse", "lighthuse", "lighthous", "Lihgthouse"])
def test_a_typing_mistake_is_forgiven(shelf, typed):
    assert names(typed)[0] == "Lighthouse at the end"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("etude minuit", "Étude à minuit"),
        ("ÉTUDE", "Étude à minuit"),
        ("light end", "Lighthouse at the end"),
        ("piano", "Étude à minuit"),
        ("lovelace", "The ferry"),
        ("котенок", "Котёнок и море"),
        ("百年", "百年の海"),
    ],
)
def test_accents_case_scripts_and_begun_words_are_understood(shelf, typed, found):
    assert names(typed)[:1] == [found]


def test_a_channels_name_finds_its_titles(shelf):
    assert set(names("nordlicht")) == {"Котёнок и море", "百年の海"}


def test_nonsense_finds_nothing(shelf):
    assert names("qwertzuiop") == []


@pytest.mark.parametrize(
    "typed", ["", "   ", "'", "a' | 'b", ":*", "!!", "&", "\\", "'; drop table", "\x00", "x" * 10_000]
)
def test_no_input_breaks_the_search(shelf, typed):
    assert isinstance(names(typed), list)


def test_search_never_tells_of_what_is_not_out(channel):
    for state in ("draft", "unlisted", "deleted"):
        make_title(channel, name="Hidden harbour", state=state)
    make_title(channel, name="Hidden harbour", playable=False)
    assert names("hidden harbour") == []


def test_search_is_paged(channel):
    for number in range(5):
        make_title(channel, name=f"Harbour {number}")
    first, second = names("harbour", limit=3), names("harbour", limit=3, offset=3)
    assert len(first) == 3
    assert len(second) == 2
    assert not {*first} & {*second}


def test_a_search_costs_at_most_two_queries(shelf, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        names("lighthouse")


class Folding(TestCase):
    @settings(max_examples=60)
    @given(
        st.text(st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs", "Cn"]), max_size=40)
    )
    def test_python_and_the_database_fold_alike(self, text):
        with connection.cursor() as cursor:
            cursor.execute("select catalog_fold(%s)", [text])
            (folded,) = cursor.fetchone()
        # Letters newer than one of the two Unicode tables may differ in case; both are plain text without accents.
        assert folded.casefold() == policies.fold(text).casefold()


@pytest.mark.parametrize("text", ["Lighthouse", "a", "Été 2024", "Котёнок и море", ""])
def test_python_and_the_database_cut_the_same_trigrams(db, text):
    with connection.cursor() as cursor:
        cursor.execute("select catalog_trigrams(%s)", [text])
        (cut,) = cursor.fetchone()
    assert sorted(cut) == words.trigrams_of(policies.fold(text).split())


def test_search_uses_its_indexes(db):
    """The plan, not the time: with sequential scans dear, both ways in are found by their GIN index."""
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(
            "explain select id from catalog_title where search @@ to_tsquery('simple', 'light:*') or trigrams && %s",
            [["  l", " li"]],
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "catalog_title_search" in plan
    assert "catalog_title_trigrams" in plan
