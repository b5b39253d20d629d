"""WordPress papers: Ávvir, Østhavet, Helgelands Blad; keyed on the canonical address, as slugs carry no id."""

from __future__ import annotations

from crawlers.platforms import generic
from crawlers.platforms.platform import Door, Platform

PLATFORM = Platform(
    name="wordpress",
    article_id=generic.article_id,
    canonical=generic.canonical,
    doors=(
        Door(name="feed", path="/feed/", kind="feed"),
        Door(name="rss", path="/rss", kind="feed"),
        Door(name="front", path="/", kind="front"),
        Door(name="sitemap", path="/wp-sitemap.xml", kind="sitemap"),
        Door(name="sitemap-index", path="/sitemap_index.xml", kind="sitemap"),
        Door(name="archive", path="/category/{tag}/page/{page}/", kind="archive"),
    ),
    links_from_front=generic.links_from_front,
    opinion_url=generic.opinion_url,
    read=generic.read,
    body=generic.body,
)
