import pytest

from footlights.accounts.policies import address_block, address_network


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


@pytest.mark.parametrize(("address", "network"), [("::ffff:203.0.113.77", "203.0.113.0/24"), (None, ""), ("", "")])
def test_an_address_lies_in_a_network_and_no_address_in_none(address, network) -> None:
    assert address_network(address) == network
