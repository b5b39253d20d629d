"""Drupal leftovers: the first Nordnorsk Debatt (`/article/<slug>`), older High North News and Barents Observer."""

from __future__ import annotations

from crawlers.platforms import generic
from crawlers.platforms.platform import Door, Platform

PLATFORM = Platform(
    name="drupal",
    article_id=generic.article_id,
    canonical=generic.canonical,
    doors=(
        Door(name="rss", path="/rss.xml", kind="feed"),
        Door(name="en-rss", path="/en/rss.xml", kind="feed"),
        Door(name="front", path="/", kind="front"),
        Door(name="sitemap", path="/sitemap.xml", kind="sitemap"),
        Door(name="archive", path="/sections/{tag}?page={page}", kind="archive"),
    ),
    links_from_front=generic.links_from_front,
    opinion_url=generic.opinion_url,
    read=generic.read,
    body=generic.body,
)
