from ipaddress import ip_network

#: Addresses that one attacker easily has many of count as one.
NETWORK_BITS = {4: 24, 6: 64}


def network_of(address: str) -> str:
    """The network that an address counts as: /24 of IPv4, /64 of IPv6."""
    bits = NETWORK_BITS[6 if ":" in address else 4]
    return str(ip_network(f"{address}/{bits}", strict=False))
