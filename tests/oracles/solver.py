"""Runs OpenTaxSolver (tenforty) on one return after another: `[year, {line: value}]` a line in, `{line: value}` a line out.

A script of its own, because the solver keeps what it worked out in C globals and carries some of it into the next
return: each return gets a fresh copy of a process that has solved none.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from tenforty.core import evaluate_form

WANTED = ("L15", "L16", "AMT_Form_6251_L4", "AMT_Form_6251_L11", "L13b")


def solve(year: int, lines: Mapping[str, Any]) -> dict[str, float]:
    """The lines wanted of one return; one that the solver does not print is zero."""
    found = evaluate_form(year, federal_form_values=lines)["federal"]
    return {name: found.get(name, 0) for name in WANTED}


def solve_apart(year: int, lines: Mapping[str, Any]) -> str:
    """The same in a copy of this process, as JSON; empty if the solver failed."""
    receiving, sending = os.pipe()
    if os.fork() == 0:
        try:
            os.write(sending, json.dumps(solve(year, lines)).encode())
        finally:
            os._exit(0)
    os.close(sending)
    with os.fdopen(receiving) as answer:
        text = answer.read()
    os.wait()
    return text


for asked in sys.stdin:
    print(solve_apart(*json.loads(asked)), flush=True)  # noqa: T201 - the answer
