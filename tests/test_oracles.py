"""Regular tax and AMT against two independent engines, over random returns of every year they cover.

They are compared with the forms, not we with them: every difference above rounding is either a fault of the engine,
named in oracles/faults.yaml and reproduced by our forms once it is put in, or a failure here.

A few hundred returns a year; `ORACLE_RETURNS=20000 pytest -m oracle` for all, with the counts.
"""

from __future__ import annotations

import os

import pytest
from oracles.compare import compare
from oracles.faults import CHANGES, engines

RETURNS = int(os.environ.get("ORACLE_RETURNS", "250"))
ENOUGH_FOR_EVERY_FAULT = 20_000

pytestmark = pytest.mark.oracle


@pytest.mark.parametrize("engine", ["taxcalc", "tenforty"])
def test_tax_and_amt_agree_but_for_the_named_faults(engine, capsys):
    pytest.importorskip(engine, reason=f"{engine} is not installed: pip install .[oracles]")
    tallies = []
    for tally in compare(engine, RETURNS):
        tallies.append(tally)
        if "ORACLE_RETURNS" in os.environ:
            with capsys.disabled():
                print(f"\n{tally}", flush=True)  # noqa: T201 - the counts
    unexplained = [text for tally in tallies for text in tally.unexplained]
    if unexplained:
        pytest.fail(
            f"{len(unexplained)} unexplained, the first of them:\n" + "\n".join(unexplained[:10]), pytrace=False
        )
    met = {name for tally in tallies for name in tally.faults}
    never = set(engines()[engine]["faults"]) - met
    assert not never or RETURNS < ENOUGH_FOR_EVERY_FAULT, f"met by no return: {', '.join(sorted(never))}"


def test_every_fault_has_its_change():
    assert {name for engine in engines().values() for name in engine["faults"]} == set(CHANGES)
