"""Runs the solver's compiled code (tenforty) on one return after another: `[year, input file]` a line in, output file out.

A script of its own, because the solver keeps what it worked out in C globals and carries some of it into the next
return: each return gets a fresh copy of a process that has solved none. Nothing else of the package is loaded, which
makes the copies cheap.
"""

from __future__ import annotations

import json
import os
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from types import ModuleType


def compiled(name: str) -> ModuleType:
    """A compiled module of tenforty, without the package around it."""
    package = PathFinder.find_spec("tenforty")
    spec = package and PathFinder.find_spec(name, package.submodule_search_locations)
    if spec is None or spec.loader is None:
        raise ImportError(f"tenforty.{name}")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def solve_apart(solver: ModuleType, year: int, form: str, text: str) -> str:
    """The output for one return, made in a copy of this process; empty if the solver failed."""
    receiving, sending = os.pipe()
    if os.fork() == 0:
        try:
            with os.fdopen(sending, "w") as answer:
                answer.write(solver._evaluate_form(year, form, text))  # noqa: SLF001 - it has no public one
        finally:
            os._exit(0)
    os.close(sending)
    with os.fdopen(receiving) as answer:
        found = answer.read()
    os.wait()
    return found


if __name__ == "__main__":
    solver = compiled("otslib")
    for asked in sys.stdin:
        print(json.dumps(solve_apart(solver, *json.loads(asked))), flush=True)  # noqa: T201 - the answer
