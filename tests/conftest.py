"""How the suite runs."""

import os

from hypothesis import settings

from tests.browser import browser, browser_page

__all__ = ["browser", "browser_page"]

# What is printed is held to its English, whatever the locale of the machine.
os.environ["LC_ALL"] = "C.UTF-8"
# Speed is measured in benchmarks, as ratios; a machine with other work fails no law.
settings.register_profile("juesuan", deadline=None)
settings.load_profile("juesuan")
