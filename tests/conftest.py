"""What all tests share: their helpers, and how hypothesis runs (the same examples each time, no clock)."""

import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")
