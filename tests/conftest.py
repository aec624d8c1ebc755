"""How the suite runs."""

from hypothesis import settings

from tests.browser import browser, browser_page

__all__ = ["browser", "browser_page"]

# Speed is measured in benchmarks, as ratios; a machine with other work fails no law.
settings.register_profile("juesuan", deadline=None)
settings.load_profile("juesuan")
