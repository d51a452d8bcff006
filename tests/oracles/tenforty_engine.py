"""OpenTaxSolver through tenforty, one return at a time, line by line as its input file names them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

from oracles.returns import CENT, Drawn, Figures

from worksheets.form import ZERO

FORM = "US_1040"
WANTED = ("L15", "L16", "AMT_Form_6251_L4", "AMT_Form_6251_L11", "L13b")
SOLVER = Path(__file__).with_name("solver.py")
A_SOLVER = 500  # returns that one process is asked about
STATUS_NAMES = {
    "single": "Single",
    "married_joint": "Married/Joint",
    "married_separate": "Married/Sep",
    "head_of_household": "Head_of_House",
    "surviving_spouse": "Widow(er)",
}
TICKED = ("You_65+Over?", "You_Blind?", "Spouse_65+Over?", "Spouse_Blind?")
LINES = {
    "interest": "L2b",
    "qualified_dividends": "L3a",
    "ordinary_dividends": "L3b",
    "other_short_term": "D4",
    "capital_loss_carryover.short": "D6",
    "other_long_term": "D11",
    "capital_gain_distributions": "D13",
    "capital_loss_carryover.long": "D14",
    "unrecaptured_1250": "D19",
    "tax_refund": "S1_1",
    "other_income": "S1_5",
    "adjustments": "S1_16",
    "foreign_tax_credit": "S3_1",
}


def _collectibles(drawn: Drawn) -> Decimal:
    """What the 28% Rate Gain Worksheet starts from, so that it ends with Schedule D line 18 as drawn."""
    gain = drawn["gain_28_percent"]
    return gain + drawn["capital_loss_carryover.long"] - min(ZERO, drawn.net_short) if gain else ZERO


def _lines(drawn: Drawn, known: set[str]) -> dict[str, str]:
    found: dict[str, Any] = {name: drawn[key] for key, name in LINES.items() if drawn[key]}
    found["L1a" if "L1a" in known else "L1"] = drawn["wages"]
    found["Status"] = STATUS_NAMES[drawn.status]
    found |= {name: "Y" for name, ticked in zip(TICKED, drawn.boxes, strict=True) if ticked}
    if drawn.itemized is not None:
        found["A5a"], found["A8a"], found["A18"] = *drawn.itemized, "Y"
    found["Collectibles"] = _collectibles(drawn)
    found["AMTws2g"] = drawn.preferences["2g"]
    found["AMTws3"] = drawn.preferences["2i"] + drawn.preferences["3"]
    found["AMTws8"] = drawn["foreign_tax_credit"]
    if unknown := set(found) - known:
        raise KeyError(f"{drawn.year}: the engine has no {', '.join(sorted(unknown))}")
    return {name: str(value) for name, value in found.items()}


def work(year: int, returns: Sequence[Drawn]) -> list[Figures]:
    """The engine's figures of a year's returns."""
    from tenforty.core import generate_ots_return
    from tenforty.models import OTS_FORM_CONFIG

    form = OTS_FORM_CONFIG[year, FORM]
    known = {entry.key for entry in form.fields}
    asked = [json.dumps([year, FORM, generate_ots_return(_lines(drawn, known), form)]) for drawn in returns]
    parts = [asked[start : start + A_SOLVER] for start in range(0, len(asked), A_SOLVER)]
    with ThreadPoolExecutor(os.cpu_count()) as solvers:
        return [_figures(answer) for answers in solvers.map(_solved, parts) for answer in answers]


def _solved(asked: Sequence[str]) -> list[str]:
    lines = "".join(f"{one}\n" for one in asked)
    done = subprocess.run([sys.executable, SOLVER], input=lines, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(answer) for answer in done.stdout.splitlines()]


def _figures(answer: str) -> Figures:
    """The figures in an output file; a line that the solver does not print is zero."""
    from tenforty.core import parse_ots_return

    found = parse_ots_return(answer)
    *amounts, schedule_1a = (Decimal(repr(found.get(name, 0))).quantize(CENT) for name in WANTED)
    return Figures(*amounts, {"schedule_1a": schedule_1a, "senior_deduction": schedule_1a})
