"""Every page of the studio opens for its creator, empty and full, and stays small in queries."""

import pytest
from django.urls import reverse

from footlights.catalog.testing import make_title, make_titles
from footlights.kernel.money import Money
from footlights.monetization.testing import make_offer

PAGES = ["studio:home", "studio:channel", "studio:titles", "studio:upload", "studio:money"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_empty_and_full(as_creator, channel, name):
    assert as_creator.get(reverse(name)).status_code == 200
    for state in ("draft", "published", "unlisted", "scheduled"):
        make_offer(make_title(channel, state=state), "rent", Money(400, "EUR"))
    assert as_creator.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_somebody_without_a_channel_is_led_to_opening_one(client, creator, name):
    client.force_login(creator)
    answer = client.get(reverse(name))
    assert (answer.status_code, answer["Location"]) == (302, reverse("studio:channel_new"))


@pytest.mark.parametrize("name", [*PAGES, "studio:channel_new"])
def test_the_studio_asks_who_you_are(client, creator, name):
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_every_page_costs_the_same_few_queries_with_50_and_with_500_titles(
    as_creator, channel, django_assert_max_num_queries
):
    as_creator.get(reverse(PAGES[0]))  # what is kept for everybody is read
    costs = []
    for number in (50, 450):
        make_titles(channel, number - number // 3)
        make_titles(channel, number // 3, state="draft", publish_at=None, playable_at=None)
        for name in PAGES:
            with django_assert_max_num_queries(12) as queries:
                assert as_creator.get(reverse(name)).status_code == 200
            costs.append(len(queries))
    assert costs[: len(PAGES)] == costs[len(PAGES) :]


def test_the_editor_opens_in_every_state(as_creator, channel):
    for state in ("draft", "published", "unlisted", "scheduled", "deleted"):
        title = make_title(channel, state=state)
        answer = as_creator.get(reverse("studio:title", args=[title.id]))
        assert answer.status_code == 200
        assert title.name in answer.content.decode()


def test_the_editor_costs_few_queries(as_creator, title, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        as_creator.get(reverse("studio:title", args=[title.id]))
