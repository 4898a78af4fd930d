"""Pure rules of signing in: how much of an address is shown. Who may do what is in roles.py."""

from ipaddress import ip_address, ip_network

from django.utils.translation import gettext as _

BLOCK_PREFIX = {4: 24, 6: 48}  # about one provider's neighbourhood, not one household


def address_network(address: str | None) -> str:
    """The block an address lies in, as a network: 203.0.113.0/24, 2001:db8:1::/48. Nothing for no address."""
    if not address:
        return ""
    parsed = ip_address(address)
    if parsed.version == 6 and parsed.ipv4_mapped:  # noqa: PLR2004  IP's versions
        parsed = parsed.ipv4_mapped
    return str(ip_network(f"{parsed}/{BLOCK_PREFIX[parsed.version]}", strict=False))


def address_block(address: str) -> str:
    """The block an address lies in, as a person reads it: "203.0.113.…", "2001:db8:1:…"; loopback is "this machine"."""
    parsed = ip_address(address)
    if parsed.version == 6 and parsed.ipv4_mapped:  # noqa: PLR2004  IP's versions
        parsed = parsed.ipv4_mapped
    if parsed.is_loopback:
        return _("this machine")
    block = str(ip_network(f"{parsed}/{BLOCK_PREFIX[parsed.version]}", strict=False).network_address)
    return f"{block.removesuffix('.0')}.…" if parsed.version == 4 else f"{block.removesuffix('::')}:…"  # noqa: PLR2004
