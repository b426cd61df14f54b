"""Where the articles come from: finding a site's feeds, their health, and lists of feeds. Pure.

discovery    which addresses a page offers as its feeds
health       a feed's health: how much it brings, at which hour, and how much of it is used
opml         lists of feeds, as other programs read and write them
"""

from digest.sources.discovery import common_addresses, offered
from digest.sources.health import Health, health
from digest.sources.opml import Outline, read_opml, write_opml

__all__ = ["Health", "Outline", "common_addresses", "health", "offered", "read_opml", "write_opml"]
