from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.internet.address import IPv4Address

from crawlers.download import _PublicOnly, is_public
from crawlers.politeness import Throttle, retry_after
from crawlers.settings import CrawlSettings, scrapy_settings

NOW = datetime(2024, 4, 8, 6, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (b"120", 120.0),
        (b" 0 ", 0.0),
        (b"Mon, 08 Apr 2024 06:02:00 GMT", 120.0),
        (b"Mon, 08 Apr 2024 05:00:00 GMT", 0.0),
        (b"senere", None),
        (b"-5", None),
        (b"", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(value: bytes | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "::1", "fe80::1%eth0", "::ffff:127.0.0.1",
     "fc00::1", "224.0.0.1", "100.64.0.1"],
)  # fmt: skip
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


def test_open_addresses_are_public() -> None:
    assert is_public("193.213.115.10")
    assert is_public("2a02:26f0::1")


def test_a_slow_server_is_asked_more_slowly_but_never_faster_than_it_allows() -> None:
    slot = Slot(1, 2.0, 0)
    downloader = SimpleNamespace(slots={"amedia": slot}, _delay=2.0)
    crawler = SimpleNamespace(
        settings=Settings(scrapy_settings(CrawlSettings(contact="a@b.no"))),
        signals=SimpleNamespace(connect=lambda *args, **keys: None),
        engine=SimpleNamespace(downloader=downloader),
    )
    spider = SimpleNamespace(manners=SimpleNamespace(floor=lambda group: 3.0))
    throttle = Throttle(crawler)
    throttle._spider_opened(spider)

    def answer(latency_s: float) -> float:
        request = Request("https://www.nordlys.no/", meta={"download_slot": "amedia", "download_latency": latency_s})
        throttle._response_downloaded(Response(request.url), request, spider)
        return slot.delay

    assert answer(8.0) == 8.0
    assert answer(0.1) == pytest.approx(4.05)
    assert [answer(0.1) for _ in range(3)][-1] == 3.0


def test_a_name_that_leads_inside_resolves_to_nothing() -> None:
    passed: list[str] = []
    receiver = _PublicOnly(SimpleNamespace(addressResolved=lambda address: passed.append(address.host)))
    for host in ("10.0.0.5", "193.213.115.10", "127.0.0.1"):
        receiver.addressResolved(IPv4Address("TCP", host, 443))
    assert passed == ["193.213.115.10"]
