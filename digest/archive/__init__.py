"""The archive: past editions as pages, feeds and a sitemap. Pure: no I/O and no clock.

::

    ArchivedEdition  | amended | variables | template -> a page: the same for everyone, without a slot
    ArchivedEditions | amended | feeds                -> RSS 2.0, JSON Feed 1.1
                     | paths | sitemap

`digest web` serves and `digest archive` writes what ``Archive.page`` makes.
"""

from digest.archive.amending import amended, missing
from digest.archive.site import HTML, Archive, Page
from digest.archive.sitemap import robots
from digest.archive.slugs import slugs

__all__ = ["HTML", "Archive", "Page", "amended", "missing", "robots", "slugs"]
