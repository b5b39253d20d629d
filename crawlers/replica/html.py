"""Small pieces that all renderers share: escaping, slugs, times, paragraphs."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from crawlers.replica.stories import MARK, Story

OSLO = ZoneInfo("Europe/Oslo")
# Three transliterations; slugs are never comparable between platforms.
AMEDIA = str.maketrans({"å": "a", "ø": "o", "æ": "a"})
SCHIBSTED = str.maketrans({"å": "aa", "ø": "oe", "æ": "ae"})
NRK = str.maketrans({"å": "a", "ø": "o", "æ": "ae"})


def e(text: str) -> str:
    """Escape a text for markup and attributes."""
    return escape(text, quote=True)


def slug(text: str, table: dict[int, str], glue: str = "-") -> str:
    """Return an address part: transliterated, everything else the glue."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(table)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", glue, plain).strip(glue)[:90].rstrip(glue) or "sak"


def nrk_slug(text: str) -> str:
    """Return NRK's form: blanks become `-`, punctuation `_`."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(NRK).replace("–", "_").replace("-", "_"))
    plain = re.sub(r"[^a-z0-9._\s]+", "_", plain.encode("ascii", "ignore").decode())
    return re.sub(r"_{2,}", "_", re.sub(r"\s+", "-", plain.strip()))[:90].strip("-.")


def utc_z(moment: datetime) -> str:
    """Return `2024-08-04T08:21:45.000Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def oslo_plain(moment: datetime) -> str:
    """Return `2024-08-04T10:21:45.000+0200`, the offset without colon."""
    return moment.astimezone(OSLO).strftime("%Y-%m-%dT%H:%M:%S.000%z")


def oslo(moment: datetime) -> str:
    """Return `2024-08-04T10:21:45+02:00`."""
    return moment.astimezone(OSLO).isoformat(timespec="seconds")


def rfc(moment: datetime) -> str:
    """Return `Sun, 04 Aug 2024 08:21:45 GMT`."""
    return moment.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")


def embedded(value: Any) -> str:
    """Return JSON fit for a script element."""
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")


def ld(value: Any) -> str:
    """Return JSON-LD in its script element."""
    return f'<script type="application/ld+json">{embedded(value)}</script>'


def running(story: Story, between: Callable[[int], str] = lambda number: "") -> str:
    """Return the body's paragraphs and headings; only the first paragraph of a paid story; raw markup as it is."""
    parts: list[str] = []
    shown = story.paragraphs[:1] if story.paywalled else story.paragraphs
    for number, text in enumerate(shown):
        if text.startswith("<"):
            parts.append(text)
        elif text.startswith("## "):
            parts.append(f"<h2>{e(text[3:])}</h2>")
        else:
            parts.append("<p>" + "<br>".join(e(line) for line in text.split("\n")) + "</p>")
        parts.append(between(number))
    if story.wire == "NTB" and not story.paywalled and parts:
        last = max((n for n, part in enumerate(parts) if part.endswith("</p>")), default=None)
        if last is not None:
            parts[last] = parts[last].removesuffix("</p>") + " (©NTB)</p>"
    return "\n".join(part for part in parts if part)


def mark() -> str:
    """Return the note that the page is invented, outside the article."""
    return f'<div class="replica-mark" role="note"><small>{e(MARK)}</small></div>'
