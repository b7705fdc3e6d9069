"""Opens TCP connections to hosts that a feed's definition names; the address guard sits inside.

HTTP has its own guard in the runtime; this one serves the protocols that bring their own client: IMAP, SFTP, FTP.
"""

import socket
from collections.abc import Callable

from visitwire_runtime.safe_http import is_public

from visitwire_ingestion.transports.detached_threads import in_thread

type Lookup = Callable[[str, int], list[str]]
"""The addresses of a host name, as text. Raises `OSError` when the name does not exist."""


class Forbidden(OSError):
    """The host is, or resolves to, an address that is not on the public internet; nothing was sent."""


def lookup(host: str, port: int) -> list[str]:
    """What the operating system's resolver says, in its order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


async def resolve(host: str, port: int) -> list[str]:
    """`lookup`, in a thread of its own: a resolver that hangs would hold those few that all feeds share."""
    return await in_thread(lambda: lookup(host, port))


def dial(
    host: str, port: int, *, allow_private: bool = False, timeout: float = 30, resolve: Lookup = lookup
) -> socket.socket:
    """A connected socket. The name is looked up once, and what was checked is what is dialled.

    Raises `Forbidden`, or another `OSError` when the host cannot be reached.
    """
    addresses = resolve(host, port)
    inside = [] if allow_private else [each for each in addresses if not is_public(each)]
    if inside:
        raise Forbidden(f"{host} is at {inside[0]}, which is not on the public internet; it was not contacted")
    failure = OSError(f"{host} has no address")
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as error:
            failure = error
    raise failure
