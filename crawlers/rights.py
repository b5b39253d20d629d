"""What a page and its host say about use: robots directives and text-and-data-mining reservations, read as found."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from crawlers.article import Rights

AGENT = "bybaand"
# Directives of X-Robots-Tag that carry a colon of their own and so are no agent's name.
_VALUED = ("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after")


def read_rights(
    robots_metas: Iterable[str],
    tdm_metas: Mapping[str, str],
    headers: Mapping[str, str] | None = None,
    *,
    host: Rights | None = None,
    hidden: bool = False,
) -> Rights:
    """Join what the host's files, the headers and the page's meta tags state, in that order; later beats earlier.

    Every robots meta counts (Amedia prints two). `tdm_metas` holds `tdm-reservation` and `tdm-policy`. `hidden` is
    Amedia's `hideForSearchEngines`, read as noindex. Only `0` and `1` are valid reservations; anything else is unset.
    """
    host = host or Rights()
    lower = {name.lower(): value for name, value in (headers or {}).items()}
    directives = set(host.robots)
    for content in robots_metas:
        directives.update(_split(content))
    directives.update(_header_directives(lower.get("x-robots-tag", "")))
    if hidden:
        directives.add("noindex")
    reserved, policy = host.tdm_reserved, host.tdm_policy
    for stated in (lower, tdm_metas):
        value = stated.get("tdm-reservation", "").strip()
        if value in ("0", "1"):
            reserved = value == "1"
            policy = (stated.get("tdm-policy", "").strip() or policy) if reserved else None
    return Rights(
        robots=tuple(sorted(directives)),
        tdm_reserved=reserved,
        tdm_policy=policy,
        ai_agents_blocked=host.ai_agents_blocked,
    )


def read_tdmrep(text: str, path: str) -> tuple[bool | None, str | None]:
    """Return (reserved, policy) that `/.well-known/tdmrep.json` states for a path; (None, None) where nothing valid.

    The first rule whose `location` matches counts; `*` stands for any run and `$` for the end, as in robots.txt.
    """
    try:
        rules = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return None, None
    for rule in rules if isinstance(rules, list) else [rules]:
        if not isinstance(rule, dict) or not isinstance(rule.get("location"), str):
            continue
        if not _location(rule["location"]).match(path or "/"):
            continue
        value = str(rule.get("tdm-reservation"))
        if value not in ("0", "1"):
            return None, None
        policy = rule.get("tdm-policy")
        return value == "1", policy if isinstance(policy, str) and value == "1" else None
    return None, None


def _location(pattern: str) -> re.Pattern[str]:
    end = pattern.endswith("$")
    body = re.sub(r"\*+", "*", pattern[:-1] if end else pattern)
    return re.compile(".*?".join(re.escape(part) for part in body.split("*")) + (r"\Z" if end else ""), re.DOTALL)


def _split(content: str) -> list[str]:
    parts = (part.strip().lower() for part in content.split(","))
    return [part for part in parts if part and len(part) <= 80]


def _header_directives(value: str) -> list[str]:
    """Return the directives for everyone and for us; `googlebot: noindex` is another's, until the next agent's name."""
    found: list[str] = []
    for line in value.splitlines():
        found += _line_directives(line)
    return found


def _line_directives(value: str) -> list[str]:
    found, ours = [], True
    for part in _split(value):
        name, colon, rest = part.partition(":")
        if colon and name.strip() not in _VALUED:
            ours = name.strip() in (AGENT, "*")
            part = rest.strip()
        if ours and part:
            found.append(part)
    return found
