"""How often a password may be tried: wrong ones count, for each address and for each account.

So neither one who tries many accounts nor many who try one get far. Where somebody came in before, from the same
address to the same account, what others try from that address or on that account does not keep them out: a botnet would
lock out whom it likes, and one guest everybody behind the same proxy.
"""

import threading
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network
from time import monotonic

from visitwire_gateway.auth.digests import digest
from visitwire_gateway.auth.rate_limits import Limiter
from visitwire_gateway.newest_kept import NewestKept

A_MINUTE = 10
"""Wrong passwords that an address has a minute."""
AN_HOUR = 30
"""Wrong passwords that an account has an hour, from all addresses together."""
MOST = 20_000
"""Pairs of address and account remembered, in this process alone; the longest unused is forgotten first."""


class Passwords:
    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._address, self._pair = Limiter(A_MINUTE, clock), Limiter(A_MINUTE, clock)
        self._account = Limiter(AN_HOUR, clock, 3600)
        self._known = NewestKept[str, None](MOST)
        self._lock = threading.Lock()

    def wait(self, address: str, name: str) -> float:
        """0 where the password may be tried, which counts as a wrong one until `right` is called; else the seconds
        until it may. The same for names that nobody has."""
        place, account = network(address), digest(name)  # a name may be a password in the wrong field: not kept
        with self._lock:
            if f"{place} {account}" in self._known:
                return self._pair.wait(f"{place} {account}")
            return self._address.wait(place) or self._account.wait(account)

    def right(self, address: str, name: str) -> None:
        """The password just tried was right."""
        place, account = network(address), digest(name)
        pair = f"{place} {account}"
        with self._lock:
            if pair in self._known:
                self._pair.give_back(pair)
            else:
                self._address.give_back(place)
                self._account.give_back(account)
            self._known[pair] = None
            self._known.move_to_end(pair)


def network(address: str) -> str:
    """An IPv6 address as its /64: whoever has one has all of them."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
