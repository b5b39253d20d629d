"""robots.txt as RFC 9309 reads it, with what it says about pace, sitemaps and AI agents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from protego import Protego

MAX_BYTES = 512 * 1024  # RFC 9309 asks for at least 500 KiB
FRESH_S = 24 * 3600.0
STALE_S = 30 * 24 * 3600.0
# The names that Norwegian publishers list, as MBL and Kopinor advise; a block reads as "no model training here".
AI_AGENTS = (
    "GPTBot", "ChatGPT-User", "OAI-SearchBot", "CCBot", "ClaudeBot", "anthropic-ai", "Claude-Web", "Google-Extended",
    "PerplexityBot", "Bytespider", "Amazonbot", "Applebot-Extended", "FacebookBot", "meta-externalagent", "cohere-ai",
    "Diffbot", "omgili", "Timpibot", "ImagesiftBot", "AI2Bot", "YouBot", "DuckAssistBot",
)  # fmt: skip
_NAMED = re.compile(r"^\s*user-agent\s*:\s*([^\s#]+)", re.IGNORECASE | re.MULTILINE)
_HIGHEST_DELAY_S = 300.0


@dataclass(frozen=True, slots=True)
class Robots:
    """A host's rules. `rules`: as written; `free`: no such file (4xx); `closed`: could not be asked (5xx, silence)."""

    state: Literal["rules", "free", "closed"]
    agent: str
    parser: Protego | None = None
    crawl_delay: float | None = None
    sitemaps: tuple[str, ...] = ()
    ai_blocked: bool = False

    def allows(self, url: str) -> bool:
        """Return whether our agent may fetch the address."""
        if self.state == "closed":
            return False
        return self.parser is None or bool(self.parser.can_fetch(url, self.agent))


def read_robots(status: int, body: bytes | None, agent: str, host: str) -> Robots:
    """Return the rules that follow from an answer; `status` 0 = no answer, `agent` our product name.

    2xx: the rules, of the first 512 KiB. 4xx: there is no such file, all is free (RFC 9309, 2.3.1.3), except 429,
    which only says "not now". 5xx and no answer: closed until the host can be asked again.
    """
    if 400 <= status < 500 and status != 429:
        return Robots("free", agent)
    if not 200 <= status < 300 or body is None:
        return Robots("closed", agent)
    text = body[:MAX_BYTES].decode("utf-8", "replace").removeprefix("\ufeff")
    parser = Protego.parse(text)
    named = {name.lower() for name in _NAMED.findall(text)}
    front = f"https://{host}/"
    delay = parser.crawl_delay(agent)
    return Robots(
        "rules",
        agent,
        parser=parser,
        crawl_delay=min(float(delay), _HIGHEST_DELAY_S) if delay else None,
        sitemaps=tuple(parser.sitemaps)[:50],
        ai_blocked=any(name.lower() in named and not parser.can_fetch(front, name) for name in AI_AGENTS),
    )
