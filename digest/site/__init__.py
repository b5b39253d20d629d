"""The static site: everything that the warehouse can show, as pages that need no server and load nothing foreign."""

from digest.site.write import SiteError, SiteSettings, write_site

__all__ = ["SiteError", "SiteSettings", "write_site"]
