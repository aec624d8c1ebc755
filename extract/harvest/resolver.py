"""Names become addresses here, and here alone: what is not permitted is never connected to.

The connection is made to the very addresses that passed, so a name that answers with a public
address first and a private one later (DNS rebinding) gains nothing, and neither does a redirect.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scrapy.crawler import Crawler
from twisted.internet.interfaces import (
    IAddress,
    IHostnameResolver,
    IHostResolution,
    IResolutionReceiver,
)
from zope.interface import implementer

from extract.harvest.addresses import Permit

PERMIT = "JUESUAN_PERMIT"
"""The setting that holds the networks let beside the public internet."""
refused: dict[str, str] = {}
"""Names that had no permitted address, and one they had, to say so."""


@implementer(IHostnameResolver)
class GuardedResolver:
    """Scrapy's ``TWISTED_DNS_RESOLVER``: passes on permitted addresses only."""

    def __init__(self, reactor: Any, permit: Permit) -> None:
        self.reactor = reactor
        self.permit = permit
        self.inner = reactor.nameResolver

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> GuardedResolver:
        """As Scrapy builds its resolvers."""
        return cls(reactor, Permit.of(crawler.settings.getlist(PERMIT)))

    def install_on_reactor(self) -> None:
        """From here on every connection asks this one."""
        self.reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802 — Twisted's name
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        """Resolve as ever, and keep back what is not permitted."""
        sieve = _Sieve(resolutionReceiver, hostName, self.permit)
        found: IHostResolution = self.inner.resolveHostName(
            sieve, hostName, portNumber, addressTypes, transportSemantics
        )
        return found


@implementer(IResolutionReceiver)
class _Sieve:
    def __init__(self, receiver: IResolutionReceiver, host: str, permit: Permit) -> None:
        self.receiver = receiver
        self.host = host
        self.permit = permit
        self.passed = False
        self.kept_back: str | None = None

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802
        host = str(getattr(address, "host", ""))
        if self.permit.allows(host):
            self.passed = True
            self.receiver.addressResolved(address)
        else:
            self.kept_back = host

    def resolutionComplete(self) -> None:  # noqa: N802
        if self.kept_back is not None and not self.passed:
            refused[self.host] = self.kept_back
        self.receiver.resolutionComplete()
