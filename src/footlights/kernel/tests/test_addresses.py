import pytest

from footlights.kernel.addresses import is_public


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "172.32.0.1"])
def test_addresses_of_the_public_internet_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.9.9.9",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.168.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",  # IPv4-compatible
        "::ffff:127.0.0.1",  # IPv4-mapped
        "::ffff:a9fe:a9fe",
        "::ffff:8.8.8.8",  # whoever writes an address so wants to get by
        "64:ff9b::7f00:1",  # NAT64
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a00:1",  # a network's own NAT64
        "2001:0:7f00:1::",  # Teredo
        "2001:db8::1",
        "2002:7f00:1::",  # 6to4
        "2002:a9fe:a9fe::1",
        "fc00::1",
        "fd00:ec2::254",  # Amazon's metadata
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_addresses_that_lead_inside_are_not(address):
    assert not is_public(address)
