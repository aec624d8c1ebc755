"""How the suite runs."""

from hypothesis import settings

# Speed is measured in benchmarks, as ratios; a machine with other work fails no law.
settings.register_profile("juesuan", deadline=None)
settings.load_profile("juesuan")
