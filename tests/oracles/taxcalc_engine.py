"""Tax-Calculator (PSLmodels), a vectorised microsimulation of the individual income tax: all returns of a year at once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from oracles.returns import CENT, Drawn, Figures

STATUS_CODES = {
    "single": 1,
    "married_joint": 2,
    "married_separate": 3,
    "head_of_household": 4,
    "surviving_spouse": 5,
}
YOUNG, OLD = 40, 70
WORTH_COMPILING = 2_000


def _row(drawn: Drawn) -> dict[str, Any]:
    old, blind, spouse_old, spouse_blind = drawn.boxes
    taxes, others = drawn.itemized or (0, 0)
    return {
        "MARS": STATUS_CODES[drawn.status],
        "age_head": OLD if old else YOUNG,
        "age_spouse": 0 if drawn.status != "married_joint" else OLD if spouse_old else YOUNG,
        "blind_head": int(blind),
        "blind_spouse": int(spouse_blind),
        "e00200": drawn["wages"],
        "e00300": drawn["interest"],
        "e00600": drawn["ordinary_dividends"],
        "e00650": drawn["qualified_dividends"],
        "e00700": drawn["tax_refund"],
        "e02000": drawn["other_income"],
        "e03400": drawn["adjustments"],
        "p22250": drawn.net_short,
        "p23250": drawn.net_long,
        "e24515": drawn["unrecaptured_1250"],
        "e24518": drawn["gain_28_percent"],
        "e07300": drawn["foreign_tax_credit"],
        "e18400": taxes,
        "e19200": others,
        "cmbtp": sum(drawn.preferences.values()),
    }


def work(year: int, returns: Sequence[Drawn]) -> list[Figures]:
    """The engine's figures of a year's returns."""
    if len(returns) < WORTH_COMPILING:
        os.environ.setdefault("NOTAXCALCJIT", "1")  # its own switch, read when it is imported: half a minute less
    import pandas as pd
    import taxcalc

    rows = [_row(drawn) for drawn in returns]
    whole = {"MARS", "age_head", "age_spouse", "blind_head", "blind_spouse"}
    columns = {key: [row[key] if key in whole else float(row[key]) for row in rows] for key in rows[0]}
    data = pd.DataFrame({"RECID": range(1, len(rows) + 1), "FLPDYR": year, **columns})
    data["e00200p"], data["e00200s"] = data["e00200"], 0.0
    records = taxcalc.Records(data=data, start_year=year, gfactors=None, weights=None, adjust_ratios=None)
    calculator = taxcalc.Calculator(policy=_policy(year), records=records, verbose=False)
    calculator.calc_all()
    names = ("c04800", "taxbc", "c62100", "c09600", "senior_deduction", "standard", "c04470", "c18300")
    found = zip(*(calculator.array(name).tolist() for name in names), strict=True)
    return [_figures(*(Decimal(value).quantize(CENT) for value in values)) for values in found]


@cache
def _law() -> Any:
    import taxcalc

    return taxcalc.Policy()


def _policy(year: int) -> Any:
    policy = _law()
    policy.set_year(year)
    return policy


def _figures(
    taxable: Decimal,
    tax: Decimal,
    amti: Decimal,
    amt: Decimal,
    senior: Decimal,
    standard: Decimal,
    itemized: Decimal,
    taxes: Decimal,
) -> Figures:
    entries = {"schedule_1a": senior, "senior_deduction": senior}
    return Figures(taxable, tax, amti, amt, entries, None if standard else (itemized, taxes))
