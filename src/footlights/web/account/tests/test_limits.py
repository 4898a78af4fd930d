"""Guesses are counted for every process together, and cost an ordinary page nothing."""

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from footlights.accounts.testing import make_person

pytestmark = pytest.mark.django_db


def test_what_one_process_counts_another_knows() -> None:
    cache.set("counted", [1, 2, 3], 60)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from accounts_limit where cache_key like '%%counted'")
        assert cursor.fetchone() == (1,)
    assert caches.create_connection("default").get("counted") == [1, 2, 3]


def test_no_ordinary_page_asks_for_limits(client) -> None:
    client.force_login(make_person())
    with CaptureQueriesContext(connection) as queries:
        for path in ("/", "/account/", "/account/login/", "/studio/"):
            client.get(path)
    assert not [query["sql"] for query in queries if "accounts_limit" in query["sql"]]
