"""Where the data folders are: in a checkout at top level, in an installed wheel inside the package."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def folder(name: str) -> Path:
    """The folder of data called `name` ("forms" or "templates").

    Raises:
        FileNotFoundError: neither the package nor the checkout holds it.
    """
    for place in (_PACKAGE / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"the data folder {name} is missing: install dualbasis again")
