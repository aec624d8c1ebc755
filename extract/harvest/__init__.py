"""Fetch what disclosure portals publish, with where it came from, politely, and only once.

Sources are data (``spec``), the crawl is Scrapy's (``spider``, ``middleware``, ``revisit``), what it
finds goes to a raw store (``store``, ``pipeline``), which ``juesuan run`` reads like any folder.

>>> from extract.harvest import harvest
>>> harvest("sources.yaml", "raw")   # doctest: +SKIP
"""

from __future__ import annotations

from extract.harvest.item import Harvested
from extract.harvest.job import Manners
from extract.harvest.run import HarvestSummary, harvest
from extract.harvest.spec import Source, load

__all__ = ["HarvestSummary", "Harvested", "Manners", "Source", "harvest", "load"]
