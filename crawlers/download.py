"""How requests reach the network: hosts resolve where the settings say, and else only to public addresses."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import Response
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer, provider  # type: ignore[import-untyped]


class PrivateAddressError(Exception):
    """A host leads to a private, loopback or otherwise not public address that the settings don't name."""


def is_public(address: str) -> bool:
    """Return whether an IP address is on the open internet."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast


class PinnedHandler(HTTP11DownloadHandler):  # type: ignore[misc]
    """Sends the requests for a host in `[crawl] resolve` to the address given there, in plain HTTP, Host unchanged.

    Everything above sees the paper's own addresses; neither spiders nor extraction know where it answered from.
    """

    lazy = True

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._resolve: dict[str, str] = crawler.settings.getdict("CRAWL_RESOLVE")

    async def download_request(self, request: Request) -> Response:
        """Fetch; raises PrivateAddressError for an address that is no public one."""
        parts = urlsplit(request.url)
        host = parts.hostname or ""
        target = self._resolve.get(host)
        if target is None:
            try:
                public = is_public(host.strip("[]"))
            except ValueError:
                public = True  # a name; PublicResolver sees to it
            if not public:
                raise PrivateAddressError(host)
            return await super().download_request(request)
        pinned = request.replace(url=f"http://{target}{parts.path or '/'}{'?' + parts.query if parts.query else ''}")
        pinned.headers["Host"] = host
        response = await super().download_request(pinned)
        for key in ("download_latency", "fail_on_dataloss"):
            if key in pinned.meta:
                request.meta[key] = pinned.meta[key]
        return response.replace(url=request.url, request=request)


@provider(IResolutionReceiver)
class _PublicOnly:
    """Passes on the public addresses only, so that a name can't lead inside (DNS rebinding)."""

    def __init__(self, receiver: Any) -> None:
        self._receiver = receiver

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if is_public(address.host):
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class PublicResolver(CachingHostnameResolver):  # type: ignore[misc]
    """Resolves names to public addresses only; a name that has none can't be resolved."""

    def resolveHostName(self, resolutionReceiver: Any, hostName: str, *args: Any, **kwargs: Any) -> Any:  # noqa: N802, N803
        receiver = resolutionReceiver
        try:
            ipaddress.ip_address(hostName)
        except ValueError:
            receiver = _PublicOnly(resolutionReceiver)
        # A plain address has passed PinnedHandler, or comes from the settings.
        return super().resolveHostName(receiver, hostName, *args, **kwargs)
