"""The publishing systems that the crawlers know, by the name that `sources.toml` uses."""

from __future__ import annotations

from crawlers.platforms import amedia, drupal, generic, labrador, nrk, polaris, wordpress
from crawlers.platforms.platform import Door, DoorKind, Platform

PLATFORMS: dict[str, Platform] = {
    module.PLATFORM.name: module.PLATFORM for module in (amedia, polaris, nrk, labrador, wordpress, drupal, generic)
}

__all__ = ["PLATFORMS", "Door", "DoorKind", "Platform"]
