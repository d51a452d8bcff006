"""What an incentive stock option did to a tax return, and the forms that say so.

>>> import worksheets
>>> result = worksheets.compute("case.yaml")  # doctest: +SKIP
>>> result["years"]["2024"]["forms"]["6251"]["2k"]  # doctest: +SKIP
-118000
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from worksheets.problems import CaseError as CaseError

__version__ = "0.1.0"
__all__ = ["CaseError", "__version__", "compute"]


def compute(case: str | Path | Mapping[str, Any]) -> dict[str, Any]:
    """Compute a case: the object that `dualbasis compute CASE --json` prints.

    Args:
        case: the path of a case file, or a loaded mapping of the same keys.

    Raises:
        CaseError: the input cannot be used; `.problems` says why, each with file, line, key and message.
    """
    from worksheets.session import open_case  # noqa: PLC0415 - importing the package stays cheap

    return open_case(case).result()


def __getattr__(name: str) -> Any:
    if name == "CaseError":
        from worksheets.problems import CaseError  # noqa: PLC0415 - importing the package stays cheap

        return CaseError
    raise AttributeError(name)
