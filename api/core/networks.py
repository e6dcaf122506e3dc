"""From where a browser asks."""

import ipaddress
import re

WITH_A_PORT = re.compile(r"\[([^]]*)\](?::\d+)?|([0-9.]+):\d+")
"""An address as some load balancers write it: [2001:db8::1]:443, 192.0.2.7:443."""
UNREADABLE = "unreadable"


def network_of(address: str) -> str:
    """The network of an address: /24 of IPv4 or /64 of IPv6, about what one line or building has. "" where no address was said; all texts
    that are no address count as one network.

    Wrong passwords are counted by network, and a grave act is trusted from the network in which the password was typed.
    """
    if not address:
        return ""
    ported = WITH_A_PORT.fullmatch(address)
    try:
        found = ipaddress.ip_address((ported[1] or ported[2]) if ported else address)
    except ValueError:
        return UNREADABLE
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ipaddress.ip_network(f"{found}/{24 if found.version == 4 else 64}", strict=False))
