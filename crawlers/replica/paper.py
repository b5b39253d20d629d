"""A paper of the replica: its names and its stories."""

from __future__ import annotations

from dataclasses import dataclass

from crawlers.replica.stories import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What a renderer needs to know of a paper; `section` is its path on a shared host, `publication` Amedia's number."""

    source_id: str
    name: str
    platform: str
    host: str
    stories: tuple[Story, ...] = ()
    aliases: tuple[str, ...] = ()
    section: str = ""
    publication: int = 0
    group: str = ""
