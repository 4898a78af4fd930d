from datetime import timedelta

import pytest

from footlights.audit.api import take_tallies
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.playback.counting import count_licence
from footlights.playback.policies import LICENCES_UNCOUNTED

pytestmark = pytest.mark.django_db


def test_what_a_person_watches_is_not_counted_and_what_lies_beyond_is(django_assert_num_queries):
    viewer_id, at = new_id(), now()
    with django_assert_num_queries(0):
        for _ in range(LICENCES_UNCOUNTED):
            count_licence(viewer_id, at=at)
        count_licence(None, at=at)
    for _ in range(30):
        count_licence(viewer_id, at=at)
    assert sum(tally.count for tally in take_tallies()) == 30


def test_a_quiet_while_begins_anew():
    viewer_id, at = new_id(), now()
    for each in range(3 * LICENCES_UNCOUNTED):
        count_licence(viewer_id, at=at + timedelta(minutes=each))
    assert take_tallies() == []
