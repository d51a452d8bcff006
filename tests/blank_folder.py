"""Where the official blanks are that tests read: beside the repository, or where `dualbasis forms fetch` puts them."""

import os
from pathlib import Path

from worksheets.paper.blanks import ENVIRONMENT, cache_folder

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "irs" / "blanks"
CANDIDATES = (BESIDE, Path(os.environ.get(ENVIRONMENT) or BESIDE), cache_folder())
BLANKS = next((folder for folder in CANDIDATES if any(folder.glob("*.pdf"))), BESIDE)
NONE_HERE = "no official blanks here: dualbasis forms fetch brings them"
