"""Which addresses may be asked: those of hosts that the settings name, and public ones alone.

What is looked at is the address that is then connected to, not the name: a name may lead elsewhere
the next time that it is asked for.
"""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from manualsmith.errors import UserError
from manualsmith.settings.probe_settings import Bounds, Origin
from manualsmith.text import t

Address = IPv4Address | IPv6Address
_TRANSLATED = IPv6Network("64:ff9b::/96")  # an IPv4 address, for those who have none


def refuse_origin(origin: Origin, asked: Origin, settings: Bounds) -> None:
    """Raise UserError for where a redirect leads, but to the host that was *asked*."""
    if origin.host != asked.host or origin not in settings.hosts:
        raise UserError(t("it leads to another host, which is not followed: {origin}",
                          origin=origin))  # fmt: skip


async def addresses_of(origin: Origin, settings: Bounds) -> list[Address]:
    """Return the addresses of a host. Raises UserError for one that may not be asked, or none."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UserError(t("{host} is not known: {reason}", host=origin.host,
                          reason=error)) from error  # fmt: skip
    addresses = [ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    for address in addresses:
        if not (_is_public(address) or _is_named(origin.host, address, settings)):
            said = t("{host} has an address that is not public", host=origin.host)
            hint = t("where that is meant: [tool.manualsmith.{table}] private = {hosts}",
                     table=settings.table, hosts=f'["{origin.host}"]')  # fmt: skip
            raise UserError(said, hint=hint)
    return list(dict.fromkeys(addresses))


def _is_named(host: str, address: Address, settings: Bounds) -> bool:
    return host in settings.private or any(address in one for one in settings.networks)


def _is_public(address: Address) -> bool:
    inner = _inner(address)
    if inner is not None:
        return _is_public(inner)
    return address.is_global and not address.is_multicast


def _inner(address: Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 address stands for, None where it is its own."""
    if isinstance(address, IPv4Address):
        return None
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
