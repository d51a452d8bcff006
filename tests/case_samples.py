"""A small sound case for the tests of the case reader, and ways to spoil it."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from worksheets.problems import CaseError, Problem
from worksheets.read.case_file import read_case

EXERCISE = {
    "corporation": "Example Corp",
    "grant_date": "2022-01-03",
    "exercise_date": "2023-03-13",
    "exercise_price": "100",
    "fmv": "1000",
    "shares": "200",
}
SALE = {
    "corporation": "Example Corp",
    "shares": "100",
    "sold": "2024-01-18",
    "acquired": "2023-03-13",
    "proceeds": "75000",
    "basis": "10000",
    "term": "short",
}
CASE: dict[str, Any] = {
    "case": "1",
    "taxpayer": {"name": "Sample Taxpayer"},
    "exercises": [EXERCISE],
    "sales": [SALE],
    "years": {
        "2023": {"filing_status": "single", "wages": "150000"},
        "2024": {"filing_status": "single", "wages": "215000"},
    },
}

HEAD = "case: 1\ntaxpayer: {name: Sample Taxpayer}\n"
YEARS = "years:\n  2023: {filing_status: single, wages: 150000}\n  2024: {filing_status: single, wages: 215000}\n"


def changed(path: str, value: Any) -> dict[str, Any]:
    """The sound case with one value set: `years.2024.wages`, `exercises.0.fmv`; `...` takes the key away."""
    case = copy.deepcopy(CASE)
    *way, last = [int(part) if part.isdigit() and len(part) < 4 else part for part in path.split(".")]
    here: Any = case
    for part in way:
        here = here[part] if isinstance(part, int) else here.setdefault(part, {})
    if value is ...:
        del here[last]
    elif isinstance(here, list):
        here[last:] = [value]
    else:
        here[last] = value
    return case


def problems(source: Any) -> list[Problem]:
    """The problems of a case that cannot be used; none for a sound one."""
    try:
        read_case(source)
    except CaseError as error:
        return list(error.problems)
    return []


def said(source: Any) -> list[str]:
    """The problems as `key: message`, without where they stand."""
    return [f"{problem.key}: {problem.message}" for problem in problems(source)]


def written(folder: Path, text: str, name: str = "case.yaml") -> Path:
    """A file with that text."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
