"""A case opened: read, worked and audited once, for whoever prints, fills or explains it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worksheets import results
from worksheets.assumptions import assumed
from worksheets.audit import audit
from worksheets.findings import Finding
from worksheets.household import Household, work
from worksheets.read.case_file import read_case


@dataclass(frozen=True, slots=True)
class Session:
    """A household worked and audited.

    Attributes:
        name: the case file's name, without its folder; "case" for a mapping.
        findings: by year, in the order of the case.
        assumptions: by year, in words.
    """

    name: str
    household: Household
    findings: Mapping[int, list[Finding]]
    assumptions: Mapping[int, list[str]]

    def result(self) -> dict[str, Any]:
        """The result object, ready for JSON."""
        return results.result(self.household, self.name, self.findings, self.assumptions)


def open_case(source: str | Path | Mapping[str, Any]) -> Session:
    """Read, work and audit a case.

    Raises:
        CaseError: the input cannot be used.
    """
    case = read_case(source if isinstance(source, Mapping) else Path(source))
    household = work(case)
    name = "case" if isinstance(source, Mapping) else Path(source).name
    texts = {year: [one.text for one in found] for year, found in assumed(case).items()}
    return Session(name, household, audit(household), texts)
