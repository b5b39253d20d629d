"""The crawlers' documents say what the code does: every key, every kind of error, every spider's platform."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from crawlers.platforms import PLATFORMS
from crawlers.sources import Source
from crawlers.spider import SPIDERS

ROOT = Path(__file__).parents[2]
CRAWLING = (ROOT / "docs/crawling.md").read_text(encoding="utf-8")
ADDING = (ROOT / "docs/adding-a-paper.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("key", sorted({field.name for field in fields(Source)} - {"source_id"} | {"id"}))
def test_every_key_of_a_source_is_explained(key: str) -> None:
    assert f"`{key}`" in ADDING


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_every_platform_has_a_spider_and_is_named(platform: str) -> None:
    assert SPIDERS[platform].name == platform
    assert f"`{platform}`" in ADDING


def test_every_kind_of_error_is_explained() -> None:
    files = [ROOT / f"crawlers/{name}.py" for name in ("desk", "polling", "fetching", "backfill", "politeness")]
    code = "".join(file.read_text(encoding="utf-8") for file in files)
    kinds = set(re.findall(r'(?:ListError|Refused|_set_aside|_fail|_withdraw)\([^"\n]*"([a-z_]+)"', code))
    kinds |= set(re.findall(r'return "([a-z_]+)"', code)) | set(re.findall(r'errors\["([a-z_]+)"\]', code))
    assert {"timeout", "robots", "no_articles", "not_html", "led_away", "no_archive"} <= kinds
    assert [kind for kind in sorted(kinds - {"refused", "gone"}) if f"`{kind}`" not in CRAWLING] == []
