import pytest

from footlights.web.design.shared import forget_everything


@pytest.fixture(autouse=True)
def _nothing_kept_from_the_test_before() -> None:
    forget_everything()
