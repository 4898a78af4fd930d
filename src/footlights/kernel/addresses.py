"""Which addresses of the internet anybody may be sent to: those that are public, and nothing that stands for another.

From IANA's registries of special-purpose addresses (RFC 6890), and the addresses at which clouds answer their machines.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: how machines without IPv4 reach it; judged by what it holds
GLOBAL_UNICAST = IPv6Network("2000::/3")  # all that IANA gave out; mapped, local and multicast lie outside
NOT_PUBLIC_6 = [
    IPv6Network(each)
    for each in (
        "2001::/23",  # Teredo, benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: any IPv4 address in disguise
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
]
NOT_PUBLIC_4 = [
    IPv4Network(each)
    for each in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' own
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's machines ask here
        "169.254.0.0/16",  # link-local, with most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocols' own, with Oracle's metadata
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
]


def is_public(text: str) -> bool:
    """Whether `text`, an address as the resolver gives it, is one of the public internet."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address) and address in NAT64:
        address = IPv4Address(int(address) & 0xFFFFFFFF)
    if isinstance(address, IPv4Address):
        return not any(address in network for network in NOT_PUBLIC_4)
    return address in GLOBAL_UNICAST and not any(address in network for network in NOT_PUBLIC_6)
