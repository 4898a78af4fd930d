"""Pure rules of how much of a person others are shown. Who may do what is in roles.py."""

from ipaddress import ip_address, ip_network

from django.utils.translation import gettext as _

HIDDEN = "•••"
NAMES_SHOWN = 3  # the first letters of so many words of a name
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


def masked_address(address: str) -> str:
    """A mail address as others see it: "m•••@e•••.org". Enough to tell two apart, too little to write to."""
    local, _at, domain = address.rpartition("@")
    host, _dot, ending = domain.rpartition(".")
    return f"{_masked_word(local)}@{_masked_word(host)}.{ending}" if host else f"{_masked_word(local)}@{HIDDEN}"


def masked_name(name: str) -> str:
    """A name as others see it: "A••• L•••". Neither how long it is nor how many words it has past the third."""
    return " ".join(map(_masked_word, name.split()[:NAMES_SHOWN])) or HIDDEN


def _masked_word(word: str) -> str:
    """Its first letter, unless that is all there is of it."""
    return f"{word[0]}{HIDDEN}" if len(word) > 1 and word[0].isalnum() else HIDDEN
