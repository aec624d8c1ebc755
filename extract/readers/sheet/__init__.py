"""Workbooks: one module a format makes ``Worksheet``s of it, ``raster`` pages of these."""
