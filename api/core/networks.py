"""From where a browser asks."""

import ipaddress


def network_of(address: str) -> str:
    """The network of an address: /24 of IPv4 or /64 of IPv6, about what one line or building has; "" where this is no address.

    Wrong passwords are counted by network, and a grave act is trusted from the network in which the password was typed.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ipaddress.ip_network(f"{found}/{24 if found.version == 4 else 64}", strict=False))
