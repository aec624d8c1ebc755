"""Which addresses may a harvest speak to?

Those of the public internet. A list page is written by others: a link or a redirect to
``http://127.0.0.1/`` or to the metadata service of a cloud must lead nowhere. Names say
nothing about that, only the address they resolve to does.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

EVERYTHING = ("0.0.0.0/0", "::/0")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True)
class Permit:
    """The public internet, and the networks that are let beside it."""

    beside: tuple[Network, ...] = ()

    @classmethod
    def of(cls, networks: Iterable[str]) -> Permit:
        """``networks`` as they are written, ``10.0.0.0/8``. Raises ``ValueError``."""
        return cls(tuple(ipaddress.ip_network(each) for each in networks))

    def allows(self, address: str) -> bool:
        """Whether ``address``, a number and no name, may be spoken to."""
        try:
            where = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        return is_public(where) or any(
            where.version == network.version and where in network for network in self.beside
        )


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet, also by what is wrapped in it.

    >>> [is_public(ipaddress.ip_address(a)) for a in ("8.8.8.8", "10.1.2.3", "::ffff:127.0.0.1")]
    [True, False, False]
    """
    inside = _wrapped(address)
    if inside is not None:
        return is_public(inside)
    return address.is_global and not address.is_multicast


def literal(host: str) -> str | None:
    """The number a host is, where it is one; None for a name."""
    try:
        return str(ipaddress.ip_address(host.strip("[]").partition("%")[0]))
    except ValueError:
        return None


def _wrapped(address: Address) -> ipaddress.IPv4Address | None:
    """The old address a new one stands for, by mapping, 6to4 or NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
