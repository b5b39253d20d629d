from datetime import UTC, datetime

import pytest

from crawlers.download import is_public
from crawlers.politeness import retry_after

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
