"""The suite collects what it can import everywhere: atheris is on few machines."""

collect_ignore = ["guided.py"]
