import pytest

from footlights.accounts.policies import address_block, needs_second_factor


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("203.0.113.77", "203.0.113.…"),
        ("10.0.0.1", "10.0.0.…"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:…"),
        ("::ffff:203.0.113.77", "203.0.113.…"),
        ("127.0.0.1", "this machine"),
        ("::1", "this machine"),
    ],
)
def test_an_address_is_shown_as_its_block(address, shown) -> None:
    assert address_block(address) == shown


def test_only_administrators_need_a_second_factor_and_only_where_it_is_required() -> None:
    assert needs_second_factor(is_staff=True, is_required=True)
    assert not needs_second_factor(is_staff=True, is_required=False)
    assert not needs_second_factor(is_staff=False, is_required=True)
