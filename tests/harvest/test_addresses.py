"""Nothing private is spoken to, by whatever name."""

from __future__ import annotations

import ipaddress

import pytest

pytest.importorskip("scrapy")

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.address import IPv4Address

from extract.harvest.addresses import EVERYTHING, Permit, is_public
from extract.harvest.resolver import GuardedResolver, refused

PUBLIC = Permit()


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("0.0.0.0", "100.64.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1"),
        *("64:ff9b::7f00:1", "2002:7f00:1::", "no number"),
    ],
)
def test_what_is_not_public_is_not_permitted(address):
    assert not PUBLIC.allows(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2400:3200::1", "::ffff:8.8.8.8"])
def test_the_internet_is(address):
    assert PUBLIC.allows(address)


@given(st.ip_addresses(v=4))
def test_a_wrapped_address_is_judged_by_what_is_in_it(old):
    wrapped = [f"::ffff:{old}", f"64:ff9b::{old}"]
    assert {is_public(ipaddress.ip_address(each)) for each in wrapped} == {is_public(old)}


@given(st.ip_addresses())
def test_leave_for_everything_is_leave_for_everything(address):
    assert Permit.of(EVERYTHING).allows(str(address))


def test_leave_for_a_network_is_for_that_alone():
    permit = Permit.of(["10.1.0.0/16"])
    assert [permit.allows(a) for a in ("10.1.2.3", "10.2.0.1", "127.0.0.1")] == [True, False, False]


class Names:
    """A resolver whose answers change from one time to the next."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    def resolveHostName(self, receiver, host, port=0, types=None, semantics="TCP"):
        receiver.resolutionBegan(None)
        for address in self.answers.pop(0):
            receiver.addressResolved(IPv4Address("TCP", address, port))
        receiver.resolutionComplete()


class Reactor:
    def __init__(self, names: Names) -> None:
        self.nameResolver = names

    def installNameResolver(self, resolver):
        self.nameResolver = resolver


class Heard:
    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.complete = False

    def resolutionBegan(self, resolution):
        """Nothing yet."""

    def addressResolved(self, address):
        self.addresses.append(address.host)

    def resolutionComplete(self):
        self.complete = True


def test_a_name_that_turns_private_is_not_connected_to():
    reactor = Reactor(Names(["8.8.8.8"], ["127.0.0.1"], ["10.0.0.1", "8.8.4.4"]))
    GuardedResolver(reactor, PUBLIC).install_on_reactor()
    heard = []
    for _ in range(3):
        heard.append(Heard())
        reactor.nameResolver.resolveHostName(heard[-1], "rebinding.example")
    assert [each.addresses for each in heard] == [["8.8.8.8"], [], ["8.8.4.4"]]
    assert all(each.complete for each in heard)
    assert refused.pop("rebinding.example") == "127.0.0.1"
